# O que a linha de comando diz.
