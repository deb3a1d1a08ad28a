# Dónde está una fila, y dónde está un lote, en una o dos palabras.

state-draft = Sin enviar
state-sent = Enviada
state-queued = En espera
state-registering = En registro
state-registered = Registrada
state-notified = Registrada y avisada
state-rejected = Rechazada
state-cancelled = Cancelada
state-discarded = Descartada
state-excluded = Excluida
state-unknown = En consulta

batch-awaiting-upload = A la espera del archivo
batch-received = Recibido
batch-extracting = Leyendo las filas
batch-running = En curso
batch-settled = Concluido
batch-failed = No aceptado
batch-failed-upload-never-came = El archivo no llegó. No se aceptó ninguna fila; envíelo de nuevo.
batch-failed-not-as-declared = El archivo llegó cambiado. No se aceptó ninguna fila; envíelo de nuevo.
batch-failed-not-readable = No se pudo leer el archivo que llegó. No se aceptó ninguna fila; envíelo de nuevo.
