# El recibo, tal como lo leen las personas.
