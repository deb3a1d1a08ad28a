# Por qué se rechazó una fila: una frase, qué hacer (-hint), muchas juntas (-group).

reason-already-registered = Esta persona ya está registrada
reason-already-registered-hint = Descarte la fila si es la misma persona. Si es otra, corrija { $field }.
reason-already-registered-group = { $count ->
    [one] { $count } persona ya registrada
   *[other] { $count } personas ya registradas
}

reason-unknown-department = La empresa no tiene ese departamento
reason-unknown-department-hint = Elija uno de los departamentos de la empresa y envíe la fila de nuevo.
reason-unknown-department-group = { $count ->
    [one] { $count } fila con un departamento que la empresa no tiene
   *[other] { $count } filas con un departamento que la empresa no tiene
}

reason-blocked-email-domain = No se aceptan correos de ese dominio
reason-blocked-email-domain-hint = Use la dirección de trabajo de la persona y envíe la fila de nuevo.
reason-blocked-email-domain-group = { $count ->
    [one] { $count } correo de un dominio no aceptado
   *[other] { $count } correos de un dominio no aceptado
}

reason-invalid-cell = { $field } no pasó la segunda revisión
reason-invalid-cell-hint = Corrija el campo marcado y envíe la fila de nuevo.
reason-invalid-cell-group = { $count ->
    [one] { $count } fila no pasó la segunda revisión de { $field }
   *[other] { $count } filas no pasaron la segunda revisión de { $field }
}

reason-superseded = Una corrección posterior de esta fila llegó antes
reason-superseded-hint = No hay nada que hacer: vale la posterior.
reason-superseded-group = { $count ->
    [one] { $count } fila superada por una corrección posterior
   *[other] { $count } filas superadas por una corrección posterior
}

reason-refused-by-registry = El sistema de la empresa rechazó la fila sin dar un motivo
reason-refused-by-registry-hint = Pregunte a quien se ocupa de ese sistema y después envíe la fila de nuevo.
reason-refused-by-registry-group = { $count ->
    [one] { $count } fila rechazada sin motivo
   *[other] { $count } filas rechazadas sin motivo
}
