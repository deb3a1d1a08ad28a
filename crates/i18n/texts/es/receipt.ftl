# El recibo, tal como lo leen las personas.

receipt-title = Recibo de { $name }
receipt-file = Archivo: { $name }, { $count ->
    [one] { $count } fila
   *[other] { $count } filas
}, SHA-256 { $sha256 }
receipt-total = Total
receipt-closed = Cerrado el { $when }: cada fila está en su lugar
receipt-open = { $count ->
    [one] Abierto: { $count } fila sigue en camino
   *[other] Abierto: { $count } filas siguen en camino
}
receipt-unanswered = Abierto: una decisión sobre una fila rechazada sigue sin respuesta
