# Qué tiene de malo una celda, una fila o una columna. Los argumentos están en en/issues.ftl.

issue-required-missing = { $field } está vacío
issue-required-missing-hint = Complételo o deje la fila fuera.
issue-required-missing-group = { $count ->
    [one] { $count } fila sin { $field }
   *[other] { $count } filas sin { $field }
}
expected-required-missing = un valor

issue-field-missing = Ninguna columna contiene { $field }
issue-field-missing-hint = Elija la columna en Columnas o añádala a la lista.
issue-field-missing-group = { $count ->
    [one] { $count } campo obligatorio sin columna
   *[other] { $count } campos obligatorios sin columna
}
expected-field-missing = una columna para { $field }

issue-header-twice = Dos columnas llevan el título “{ $value }”
issue-header-twice-hint = Compruebe en Columnas que se usa la correcta.
issue-header-twice-group = { $count ->
    [one] { $count } título repetido
   *[other] { $count } títulos repetidos
}
expected-header-twice = cada título una sola vez

issue-row-short = La fila tiene menos celdas que el encabezado
issue-row-short-hint = Mire si falta un separador. Las celdas que faltan se leen como vacías.
issue-row-short-group = { $count ->
    [one] { $count } fila con celdas de menos
   *[other] { $count } filas con celdas de menos
}
expected-row-short = tantas celdas como tiene el encabezado

issue-row-long = La fila tiene más celdas que el encabezado
issue-row-long-hint = Mire si algún valor contiene un separador y necesita comillas. Las celdas de más se guardan aparte.
issue-row-long-group = { $count ->
    [one] { $count } fila con celdas de más
   *[other] { $count } filas con celdas de más
}
expected-row-long = tantas celdas como tiene el encabezado

issue-quote-open = Hay comillas abiertas que nunca se cierran
issue-quote-open-hint = Cierre las comillas en el archivo y ábralo de nuevo.
issue-quote-open-group = { $count ->
    [one] { $count } apertura de comillas sin cierre
   *[other] { $count } aperturas de comillas sin cierre
}
expected-quote-open = comillas de cierre

issue-control-character = { $field } contiene un carácter invisible
issue-control-character-hint = Escriba el valor de nuevo o use el sugerido.
issue-control-character-group = { $count ->
    [one] { $count } celda de { $field } con caracteres invisibles
   *[other] { $count } celdas de { $field } con caracteres invisibles
}
expected-control-character = solo letras, cifras y signos

issue-bad-encoding = { $field } contiene bytes que no son letras en la codificación de este archivo
issue-bad-encoding-hint = Elija otra codificación en Archivo y mire un nombre con acento.
issue-bad-encoding-group = { $count ->
    [one] { $count } celda ilegible en esta codificación
   *[other] { $count } celdas ilegibles en esta codificación
}
expected-bad-encoding = texto en la codificación del archivo

issue-formula-error = { $field } es una fórmula sin resultado: { $value }
issue-formula-error-hint = Corrija la fórmula o escriba el valor en la hoja; o escríbalo aquí.
issue-formula-error-group = { $count ->
    [one] { $count } celda es una fórmula sin resultado
   *[other] { $count } celdas son fórmulas sin resultado
}
expected-formula-error = un valor

issue-extra-spaces = { $field } tiene espacios de más
issue-extra-spaces-hint = Use el valor sugerido, sin ellos.
issue-extra-spaces-group = { $count ->
    [one] { $count } celda de { $field } con espacios de más
   *[other] { $count } celdas de { $field } con espacios de más
}
expected-extra-spaces = ningún espacio en los extremos, uno solo entre palabras

issue-too-long = { $field } supera los { $limit } caracteres
issue-too-long-hint = Acorte el texto.
issue-too-long-group = { $count ->
    [one] { $count } celda de { $field } demasiado larga
   *[other] { $count } celdas de { $field } demasiado largas
}
expected-too-long = como máximo { $limit } caracteres

issue-too-short = { $field } tiene menos de { $limit } caracteres
issue-too-short-hint = Escríbalo completo.
issue-too-short-group = { $count ->
    [one] { $count } celda de { $field } demasiado corta
   *[other] { $count } celdas de { $field } demasiado cortas
}
expected-too-short = al menos { $limit } caracteres

issue-pattern-mismatch = { $field } no está escrito como se espera: “{ $value }”
issue-pattern-mismatch-hint = Compárelo con una fila que haya pasado.
issue-pattern-mismatch-group = { $count ->
    [one] { $count } celda de { $field } con otro formato
   *[other] { $count } celdas de { $field } con otro formato
}
expected-pattern-mismatch = texto con la forma { $limit }

issue-not-in-list = “{ $value }” no está en la lista de { $field }
issue-not-in-list-hint = Elija uno de estos: { $values }.
issue-not-in-list-group = { $count ->
    [one] { $count } valor de { $field } fuera de su lista
   *[other] { $count } valores de { $field } fuera de su lista
}
expected-not-in-list = uno de estos: { $values }

issue-list-alias = “{ $value }” es otro nombre de { $fix }
issue-list-alias-hint = Use el valor sugerido.
issue-list-alias-group = { $count ->
    [one] { $count } valor de { $field } con otro nombre
   *[other] { $count } valores de { $field } con otro nombre
}
expected-list-alias = uno de estos: { $values }

issue-duplicate-value = El mismo valor de { $field } está en la fila { $other_row }
issue-duplicate-value-hint = Quédese con una de las filas o corrija la que esté mal.
issue-duplicate-value-group = { $count ->
    [one] { $count } fila repite { $field } de otra
   *[other] { $count } filas repiten { $field } de otra
}
expected-duplicate-value = un valor que no tenga ninguna otra fila

issue-not-a-number = { $field } no es un número: “{ $value }”
issue-not-a-number-hint = Escriba cifras, con un punto antes de los decimales, como 1234.56.
issue-not-a-number-group = { $count ->
    [one] { $count } valor de { $field } no es un número
   *[other] { $count } valores de { $field } no son números
}
expected-not-a-number = un número como 1234.56

issue-number-format = { $field } es un número escrito de otra forma
issue-number-format-hint = Use el valor sugerido, { $fix }.
issue-number-format-group = { $count ->
    [one] { $count } número de { $field } escrito de otra forma
   *[other] { $count } números de { $field } escritos de otra forma
}
expected-number-format = un número como 1234.56

issue-below-minimum = { $field } es menor que { $limit }
issue-below-minimum-hint = Corríjalo o deje la fila fuera.
issue-below-minimum-group = { $count ->
    [one] { $count } valor de { $field } menor que { $limit }
   *[other] { $count } valores de { $field } menores que { $limit }
}
expected-below-minimum = { $limit } o más

issue-above-maximum = { $field } es mayor que { $limit }
issue-above-maximum-hint = Corríjalo o deje la fila fuera.
issue-above-maximum-group = { $count ->
    [one] { $count } valor de { $field } mayor que { $limit }
   *[other] { $count } valores de { $field } mayores que { $limit }
}
expected-above-maximum = { $limit } o menos

issue-not-a-date = { $field } no es una fecha: “{ $value }”
issue-not-a-date-hint = Escriba año, mes y día, como 2026-04-03.
issue-not-a-date-group = { $count ->
    [one] { $count } valor de { $field } no es una fecha
   *[other] { $count } valores de { $field } no son fechas
}
expected-not-a-date = una fecha como 2026-04-03

issue-date-format = { $field } es una fecha escrita de otra forma
issue-date-format-hint = Use el valor sugerido, { $fix }.
issue-date-format-group = { $count ->
    [one] { $count } fecha de { $field } escrita de otra forma
   *[other] { $count } fechas de { $field } escritas de otra forma
}
expected-date-format = una fecha como 2026-04-03

issue-date-ambiguous = { $field } puede leerse de dos maneras: “{ $value }”
issue-date-ambiguous-hint = Diga una vez, para toda la columna, si va primero el día o el mes.
issue-date-ambiguous-group = { $count ->
    [one] { $count } fecha de { $field } con dos lecturas
   *[other] { $count } fechas de { $field } con dos lecturas
}
expected-date-ambiguous = una fecha como 2026-04-03

issue-date-order = { $field } es anterior a { $other_field }
issue-date-order-hint = Corrija una de las dos fechas.
issue-date-order-group = { $count ->
    [one] { $count } fila con { $field } anterior a { $other_field }
   *[other] { $count } filas con { $field } anterior a { $other_field }
}
expected-date-order = una fecha que no sea anterior a { $other_field }

issue-not-a-boolean = { $field } no es sí ni no: “{ $value }”
issue-not-a-boolean-hint = Escriba true o false.
issue-not-a-boolean-group = { $count ->
    [one] { $count } valor de { $field } no es sí ni no
   *[other] { $count } valores de { $field } no son sí ni no
}
expected-not-a-boolean = true o false

issue-email-no-at = El correo no tiene @: “{ $value }”
issue-email-no-at-hint = Escriba la dirección como nombre@empresa.com.
issue-email-no-at-group = { $count ->
    [one] { $count } correo sin @
   *[other] { $count } correos sin @
}
expected-email-no-at = una dirección como nombre@empresa.com

issue-email-invalid = “{ $value }” no es una dirección de correo
issue-email-invalid-hint = Busque espacios, comas y puntos que falten.
issue-email-invalid-group = { $count ->
    [one] { $count } correo que no forma una dirección
   *[other] { $count } correos que no forman una dirección
}
expected-email-invalid = una dirección como nombre@empresa.com

issue-email-case = El correo tiene mayúsculas
issue-email-case-hint = Use el valor sugerido, en minúsculas.
issue-email-case-group = { $count ->
    [one] { $count } correo con mayúsculas
   *[other] { $count } correos con mayúsculas
}
expected-email-case = letras minúsculas

issue-name-capitals = El nombre está todo en mayúsculas
issue-name-capitals-hint = Use el valor sugerido o déjelo como está.
issue-name-capitals-group = { $count ->
    [one] { $count } nombre en mayúsculas
   *[other] { $count } nombres en mayúsculas
}
expected-name-capitals = mayúsculas solo al comienzo de los nombres

issue-check-digits = { $field } con dígito de control erróneo: “{ $value }”
issue-check-digits-hint = Hay una cifra cambiada. Compárelo con el documento.
issue-check-digits-group = { $count ->
    [one] { $count } valor de { $field } con dígito de control erróneo
   *[other] { $count } valores de { $field } con dígito de control erróneo
}
expected-check-digits = un número cuyos dígitos de control coincidan

issue-lost-zero = { $field } perdió el cero inicial: “{ $value }”
issue-lost-zero-hint = Repóngalo: con { $fix } los dígitos de control coinciden.
issue-lost-zero-group = { $count ->
    [one] { $count } valor de { $field } sin el cero inicial
   *[other] { $count } valores de { $field } sin el cero inicial
}
expected-lost-zero = { $fix }

issue-document-format = { $field } con caracteres o longitud distintos de los esperados: “{ $value }”
issue-document-format-hint = Compárelo con el documento. Los puntos y guiones no importan.
issue-document-format-group = { $count ->
    [one] { $count } valor de { $field } con otra longitud
   *[other] { $count } valores de { $field } con otra longitud
}
expected-document-format = { $format ->
    [cpf] 11 cifras, como 529.982.247-25
    [cnpj] 14 letras y cifras, como 12.ABC.345/01DE-35
    [pis] 11 cifras, como 120.56874.10-7
   *[other] un número completo
}

issue-phone-invalid = “{ $value }” no es un teléfono al que se pueda llamar
issue-phone-invalid-hint = Escríbalo con el prefijo de la zona o con + y el código del país.
issue-phone-invalid-group = { $count ->
    [one] { $count } teléfono al que no se puede llamar
   *[other] { $count } teléfonos a los que no se puede llamar
}
expected-phone-invalid = un número del país { $country } o uno que comience con + y el código del país

issue-phone-format = El teléfono está escrito de otra forma
issue-phone-format-hint = Use el valor sugerido, { $fix }.
issue-phone-format-group = { $count ->
    [one] { $count } teléfono escrito de otra forma
   *[other] { $count } teléfonos escritos de otra forma
}
expected-phone-format = un número como +5511987654321

issue-not-in-table = { $field } no es { $other_field } de nadie en esta lista
issue-not-in-table-hint = Es solo un aviso. La fila puede enviarse.
issue-not-in-table-group = { $count ->
    [one] { $count } valor de { $field } fuera de esta lista
   *[other] { $count } valores de { $field } fuera de esta lista
}
expected-not-in-table = { $other_field } de alguien de esta lista
