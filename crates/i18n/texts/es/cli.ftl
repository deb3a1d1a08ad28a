# Lo que dice la línea de comandos.
