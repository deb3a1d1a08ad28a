# Qué interrumpió el trabajo, y qué hacer (-hint).

error-reference = Para soporte: { $code }, id { $request_id }
error-detail = Para soporte: { $code }, { $detail }

error-token-refused = No se aceptó el acceso
error-token-refused-hint = Inicie sesión de nuevo. Si no basta, pida acceso a su administrador.
error-not-allowed = Su perfil no puede hacer esto
error-not-allowed-hint = Pida a un administrador de su empresa que lo haga o que le dé el perfil.
error-not-from-here = La petición no vino del propio Muster
error-not-from-here-hint = Use la dirección que muestra Muster, sin navegador ni proxy de por medio.
error-bad-request = No se entendió la petición
error-bad-request-hint = Compruebe que Muster está actualizado e inténtelo de nuevo.
error-not-found = No existe o pertenece a otra empresa
error-not-found-hint = Mire si el identificador está completo.
error-batch-differs = Este lote ya se envió con otro contenido
error-batch-differs-hint = Envíe la lista como un lote nuevo.
error-too-large = Es más grande de lo que el sistema acepta
error-too-large-hint = Divídalo y envíe las partes una tras otra.
error-too-many = Demasiadas peticiones a la vez
error-too-many-hint = No se pierde nada. Muster lo intenta de nuevo por sí solo.
error-internal = Algo salió mal al otro lado
error-internal-hint = Inténtelo de nuevo en un momento. Si continúa, dé el id a soporte.
error-unavailable = El sistema no responde ahora
error-unavailable-hint = No se pierde nada. Su trabajo se guarda y se envía cuando vuelva a responder.

# Muster y el camino hasta el sistema. $detail es para soporte, $name un archivo, campo o lote.
error-unreachable = El sistema no responde
error-unreachable-hint = No se perdió nada. Revise la red y la dirección; lo pendiente sigue con “muster resume”.
error-not-a-pipeline = Lo que responde en esta dirección no es un sistema Muster
error-not-a-pipeline-hint = Revise la dirección y si hay un proxy en medio.
error-no-token = No hay acceso configurado para esta conexión
error-no-token-hint = Ponga el token en la variable de entorno MUSTER_TOKEN o en el archivo “token” de la carpeta de Muster, legible solo por usted.
error-token-file-open = Otras personas pueden leer el archivo del token
error-token-file-open-hint = Haga que solo usted pueda leerlo (modo 600) y pida un token nuevo.
error-not-an-address = La conexión no es una dirección: { $detail }
error-not-an-address-hint = Escriba “embedded” o una dirección que empiece por https://.
error-no-pipeline = No se pudo encontrar ni iniciar ningún sistema
error-no-pipeline-hint = Mire si otro programa usa su carpeta y si queda espacio en disco.
error-desk-in-use = Otro Muster está trabajando en esta carpeta
error-desk-in-use-hint = Espere a que termine o use otra carpeta con --home. Consultar (batches, status, receipt) funciona a la vez.
error-desk-folder = No se puede usar la carpeta de Muster
error-desk-folder-hint = Compruebe que puede escribir en ella o elija otra con --home.
error-disk-full = El disco está lleno
error-disk-full-hint = Nada quedó a medias. Libere espacio y repítalo.
error-no-ledger = Nunca se envió nada desde esta carpeta
error-no-ledger-hint = Mire si --home indica la carpeta correcta.
error-ledger-newer = Esta carpeta la escribió una versión posterior de Muster
error-ledger-newer-hint = Actualice Muster.
error-ledger-damaged = El registro de lo enviado está dañado
error-ledger-damaged-hint = No vuelva a enviar la lista. Entregue la carpeta a soporte; el sistema conoce cada fila.
error-not-conserved = Las filas no suman
error-not-conserved-hint = No se escribió nada de este paso. Dé a soporte el id del lote.
error-decision-waits = Una decisión anterior sobre la fila { $name } sigue sin respuesta
error-decision-waits-hint = Nada de esto se envió. Continúe con “muster resume” y después mire la fila otra vez.
error-stored-differs = El sistema tiene otro archivo en este lote
error-stored-differs-hint = No se tomó nada suyo. Cancele el lote con “muster cancel”, envíe la lista otra vez y avise a soporte.
error-upload-corrupt = El archivo cambió en el camino o en el disco
error-upload-corrupt-hint = No se tomó nada de él. Cancele el lote con “muster cancel” y envíe la lista otra vez.
error-upload-refused = No se aceptó el archivo
error-upload-refused-hint = No se perdió nada. Mire si el reloj de este equipo está bien y use “muster resume”.
error-upload-unreachable = No se pudo subir el archivo
error-upload-unreachable-hint = No se perdió nada. Sigue con “muster resume”.
error-queues-unreachable = No se puede saber qué pasó con las filas
error-queues-unreachable-hint = No se perdió nada. Muster lo intenta otra vez por sí mismo.
error-outbox-gone = Falta el archivo por enviar en la carpeta de Muster
error-outbox-gone-hint = No se registró a nadie. Cancele el lote con “muster cancel” y envíe la lista otra vez.
error-batch-failed = El sistema no aceptó el lote
error-batch-failed-hint = { $detail }
error-no-such-batch = Aquí no hay un lote { $name }
error-no-such-batch-hint = “muster batches” los muestra. Basta el final del id, o “last”.
error-batch-ambiguous = Más de un lote termina en { $name }
error-batch-ambiguous-hint = Escriba más de su id.
error-not-our-batch = El lote { $name } se envió desde otro equipo
error-not-our-batch-hint = Solo quien leyó el archivo puede dar cuenta de todo él.
error-nothing-to-send = No hay filas que enviar
error-nothing-to-send-hint = Todas las filas quedaron fuera. Corrija la lista y ábrala otra vez.
error-rows-with-errors = { $count ->
    [one] { $count } fila tiene errores: no se envió nada
   *[other] { $count } filas tienen errores: no se envió nada
}
error-rows-with-errors-hint = Acepte las correcciones con --fix-all y deje fuera el resto con --exclude-bad; “muster check” muestra cada error.
error-columns-missing = La lista no tiene columna para: { $values }
error-columns-missing-hint = Añada la columna o indique una existente con --column campo=encabezado.
error-dates-undecided = Fechas como 03/04/2026 se pueden leer de dos maneras: { $values }
error-dates-undecided-hint = Diga qué va primero: --dates dmy para el día, --dates mdy para el mes.
error-no-such-field = No hay un campo { $name }
error-no-such-field-hint = Use el nombre de un campo del esquema: { $values }
error-no-such-column = La lista no tiene una columna { $name }
error-no-such-column-hint = Escriba el encabezado como está en el archivo.
error-stopping = Se pidió a Muster que se detuviera
error-stopping-hint = Lo pendiente sigue con “muster resume”.
error-schema = { $name } no sirve como esquema
error-schema-hint = Un esquema es un archivo Frictionless Table Schema. Corríjalo o no use --schema.
error-write-file = No se pudo escribir { $name }
error-write-file-hint = Elija otro lugar o libere espacio en disco.
error-read-failed = No se pudo leer { $name }
error-read-failed-hint = Mire si sigue ahí y si usted tiene permiso de lectura, o cópielo al disco de este equipo y abra la copia.
error-no-such-row = No hay una fila rechazada { $name } en este lote
error-no-such-row-hint = “muster rejected list” muestra todas las filas rechazadas.
error-nothing-matches = Ninguna fila rechazada coincide
error-nothing-matches-hint = “muster rejected list” muestra todas las filas rechazadas.
error-no-change = No se dijo qué cambiar
error-no-change-hint = Dígalo con --set campo=valor o --replace CAMPO VIEJO NUEVO. Para reenviar tal cual, use “muster rejected retry”.
error-canary-refused = { $count ->
    [one] { $count } de las primeras filas fue rechazada otra vez: el resto no se envió
   *[other] { $count } de las primeras filas fueron rechazadas otra vez: el resto no se envió
}
error-canary-refused-hint = Mire los motivos con “muster rejected list” y elija otra corrección.
error-not-confirmed = No se envió nada: no se confirmó
error-not-confirmed-hint = Responda que sí o use --yes.
error-already-sent = El sistema ya tiene el lote { $name }
error-already-sent-hint = Sigue adelante. Lo rechazado se puede descartar con “muster rejected discard”.
