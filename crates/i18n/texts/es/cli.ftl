# Lo que dice la línea de comandos.

cli-error = error
cli-hint = Qué hacer: { $hint }
cli-interrupted = Detenido. No se perdió nada; continúe con: muster resume
cli-reading = Leyendo { $name }
cli-read = { $count ->
    [one] { $count } fila, { $issues } problemas
   *[other] { $count } filas, { $issues } problemas
}
cli-line = fila { $row }, línea { $line }
cli-fix = corrección: { $fix }
cli-more-issues = { $count ->
    [one] y { $count } más; --json lo muestra todo
   *[other] y { $count } más; --json lo muestra todo
}
cli-fixed = { $count ->
    [one] { $count } celda corregida
   *[other] { $count } celdas corregidas
}
cli-excluded = { $count ->
    [one] { $count } fila dejada fuera
   *[other] { $count } filas dejadas fuera
}
cli-ask-send = { $count ->
    [one] ¿Enviar { $count } fila a { $connection }? [s/N]
   *[other] ¿Enviar { $count } filas a { $connection }? [s/N]
}
cli-ask-again = { $count ->
    [one] ¿Reenviar { $count } fila? [s/N]
   *[other] ¿Reenviar { $count } filas? [s/N]
}
cli-ask-discard = { $count ->
    [one] ¿Descartar { $count } fila para siempre? [s/N]
   *[other] ¿Descartar { $count } filas para siempre? [s/N]
}
cli-yes-letters = s
cli-sent-before = Este archivo ya se envió, como lote { $batch }. Quien ya esté registrado será rechazado, no registrado dos veces.
cli-going-on = Este archivo ya está en camino: se continúa con el lote { $batch }
cli-as-of = Situación al { $when }
cli-batch = Lote { $batch }
cli-step-journalled = Guardado en este equipo: se enviará pase lo que pase
cli-step-created = Conocido por el sistema
cli-step-sent = Enviado
cli-step-cancelled = Cancelado
cli-uploading = Enviando
cli-tracking = Filas en su lugar
cli-connected = Conectado como { $user } de { $company }
cli-offline = { $why }. Muster lo intenta de nuevo por sí solo.
cli-clock-off = El reloj de este equipo está desviado { $by }. Muster lo compensa; póngalo en hora, por favor.
cli-no-batches = Aún no hay lotes
cli-nothing-to-resume = No hay nada pendiente
cli-resuming = { $count ->
    [one] Se continúa { $count } lote
   *[other] Se continúan { $count } lotes
}
cli-other-connections = { $count ->
    [one] { $count } lote pendiente es de otra conexión: indícala con --connection
   *[other] { $count } lotes pendientes son de otras conexiones: indícalas con --connection
}
cli-refused-total = { $count ->
    [0] Ninguna fila rechazada
    [one] { $count } fila rechazada
   *[other] { $count } filas rechazadas
}
cli-rejected-arrived = { $count ->
    [one] { $count } fila fue rechazada. “muster rejected list” muestra el motivo.
   *[other] { $count } filas fueron rechazadas. “muster rejected list” muestra los motivos.
}
cli-refused-row = fila { $row_no } del lote { $batch }
cli-open-at = abierta con { $by } hasta { $until }
cli-preview-row = fila { $row_no }: { $field }: { $before } → { $after }
cli-preview-issue = la fila { $row_no } seguiría mal: { $issue }
cli-preview-same = la fila { $row_no } no cambiaría
cli-dry-run = { $count ->
    [one] Se reenviaría { $count } fila. No se envió nada.
   *[other] Se reenviarían { $count } filas. No se envió nada.
}
cli-canary = { $count ->
    [one] { $count } fila primero, para ver si pasa
   *[other] { $count } filas primero, para ver si pasan
}
cli-decided = { $count ->
    [one] { $count } fila reenviada
   *[other] { $count } filas reenviadas
}
cli-discarded = { $count ->
    [one] { $count } fila descartada
   *[other] { $count } filas descartadas
}
cli-held = la fila { $row_no } la tiene { $by }: no se envió desde aquí
cli-held-until = la fila { $row_no } está abierta con { $by } hasta { $until }: no se envió desde aquí
cli-stale = la fila { $row_no } ya cambió: { $state }
cli-invalid = la fila { $row_no } sigue mal: { $issue }
cli-no-such-row = la fila { $row_no } no está en el lote
cli-generated = { $count ->
    [one] { $count } fila escrita en { $name }
   *[other] { $count } filas escritas en { $name }
}
cli-cancelled = El lote { $batch } está cancelado: no se registrará a nadie de él
