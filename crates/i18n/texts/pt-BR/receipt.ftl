# O recibo, como as pessoas o leem.
