# The receipt, as people read it.
