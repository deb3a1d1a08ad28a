# Por qué un archivo no pudo leerse como lista, y qué hacer (-hint).

fault-file-empty = { $name } está vacío
fault-file-empty-hint = El archivo no tiene contenido. Guarde la lista de nuevo y abra el archivo nuevo.

fault-file-no-rows = { $name } tiene encabezado y ninguna fila
fault-file-no-rows-hint = Mire si las personas están en otra hoja o en otro archivo.

fault-file-not-a-table = { $name } no es una lista
fault-file-not-a-table-hint = Muster lee archivos CSV y libros de Excel. Guarde la lista en uno de esos formatos.

fault-file-wrong-extension = { $name } no es lo que dice su nombre
fault-file-wrong-extension-hint = Ábralo en el programa que lo creó y guárdelo como CSV o como libro de Excel.

fault-file-damaged = { $name } está dañado o incompleto
fault-file-damaged-hint = Ábralo en Excel, guárdelo con otro nombre y pruebe con ese. Si llegó por correo, pídalo de nuevo.

fault-file-password = { $name } está protegido con contraseña
fault-file-password-hint = Ábralo en Excel, quite la contraseña en Archivo, Información, y guárdelo.

fault-file-too-large = { $name } es más grande de lo que se puede leer con seguridad
fault-file-too-large-hint = Copie solo las personas a un libro nuevo o guarde la hoja como CSV.

fault-file-too-many-columns = { $name } tiene demasiadas columnas
fault-file-too-many-columns-hint = Deje las columnas sobre las personas y quite el resto.

fault-file-too-many-rows = { $name } tiene más filas de las que caben en un lote
fault-file-too-many-rows-hint = Divida la lista en varios archivos.

fault-file-no-such-sheet = { $name } no tiene una hoja con ese nombre
fault-file-no-such-sheet-hint = Elija una de las que tiene: { $detail }

fault-file-unreadable = { $detail ->
    [not-found] No hay { $name } en ese lugar
    [not-a-file] { $name } es una carpeta u otra cosa que no es un archivo
    [denied] Usted no tiene permiso para leer { $name }
   *[other] No se pudo abrir { $name }
}
fault-file-unreadable-hint = { $detail ->
    [not-found] Mire si se movió, se renombró o se borró.
    [not-a-file] Elija la lista misma.
    [denied] Pida acceso a la persona dueña del archivo o cópielo a una carpeta suya.
   *[other] Ciérrelo en otros programas y ábralo de nuevo.
}

fault-file-changed = { $name } cambió durante la lectura
fault-file-changed-hint = Espere a que termine de guardarse o descargarse y ábralo de nuevo.
