# What is wrong with a cell, a row or a column. For each code: one line, what to do about it
# (-hint), many of them together (-group), and what was expected (expected-).
#
# Arguments, the same for every text of a code; a caller gives them all and leaves empty what does
# not apply: $field the field's title, $value the cell as the file holds it, $fix the suggested
# value, $other_row the first other row, $other_field the title of the field referred to, $limit
# the bound of the schema (a length, a number, a date, a count of columns), $values the allowed
# values as a list, $format the schema's format (cpf, cnpj, pis, phone), $country the country of
# the numbering plan, $count the number of rows.

issue-required-missing = { $field } is empty
issue-required-missing-hint = Fill it in, or leave the row out.
issue-required-missing-group = { $count ->
    [one] { $count } row has no { $field }
   *[other] { $count } rows have no { $field }
}
expected-required-missing = a value

issue-field-missing = No column holds { $field }
issue-field-missing-hint = Choose the column in Columns, or add it to the list.
issue-field-missing-group = { $count ->
    [one] { $count } required field has no column
   *[other] { $count } required fields have no column
}
expected-field-missing = a column for { $field }

issue-header-twice = Two columns are headed “{ $value }”
issue-header-twice-hint = Make sure that the right one is used in Columns.
issue-header-twice-group = { $count ->
    [one] { $count } header stands twice
   *[other] { $count } headers stand twice
}
expected-header-twice = each header once

issue-row-short = The row has fewer cells than the header
issue-row-short-hint = Look whether a separator is missing. The missing cells are taken as empty.
issue-row-short-group = { $count ->
    [one] { $count } row has cells missing
   *[other] { $count } rows have cells missing
}
expected-row-short = as many cells as the header has

issue-row-long = The row has more cells than the header
issue-row-long-hint = Look whether a value holds a separator and needs quotes. The cells beyond the header are kept apart.
issue-row-long-group = { $count ->
    [one] { $count } row has cells too many
   *[other] { $count } rows have cells too many
}
expected-row-long = as many cells as the header has

issue-quote-open = A quotation mark is opened and never closed
issue-quote-open-hint = Close the quotation mark in the file, then open it again.
issue-quote-open-group = { $count ->
    [one] { $count } quotation mark is never closed
   *[other] { $count } quotation marks are never closed
}
expected-quote-open = a closing quotation mark

issue-control-character = { $field } holds a character that cannot be seen
issue-control-character-hint = Type the value again, or take the suggested one.
issue-control-character-group = { $count ->
    [one] { $count } cell in { $field } holds a character that cannot be seen
   *[other] { $count } cells in { $field } hold characters that cannot be seen
}
expected-control-character = letters, digits and signs only

issue-bad-encoding = { $field } holds bytes that are no letters in this file's encoding
issue-bad-encoding-hint = Choose another encoding in File and look at a name with an accent.
issue-bad-encoding-group = { $count ->
    [one] { $count } cell cannot be read in this encoding
   *[other] { $count } cells cannot be read in this encoding
}
expected-bad-encoding = text in the file's encoding

issue-formula-error = { $field } is a formula without a result: { $value }
issue-formula-error-hint = In the workbook, mend the formula or type the value; or type it here.
issue-formula-error-group = { $count ->
    [one] { $count } cell is a formula without a result
   *[other] { $count } cells are formulas without a result
}
expected-formula-error = a value

issue-extra-spaces = { $field } has spaces too many
issue-extra-spaces-hint = Take the suggested value, without them.
issue-extra-spaces-group = { $count ->
    [one] { $count } cell in { $field } has spaces too many
   *[other] { $count } cells in { $field } have spaces too many
}
expected-extra-spaces = no spaces at the ends, one between words

issue-too-long = { $field } is longer than { $limit } characters
issue-too-long-hint = Shorten it.
issue-too-long-group = { $count ->
    [one] { $count } cell in { $field } is too long
   *[other] { $count } cells in { $field } are too long
}
expected-too-long = at most { $limit } characters

issue-too-short = { $field } is shorter than { $limit } characters
issue-too-short-hint = Write it in full.
issue-too-short-group = { $count ->
    [one] { $count } cell in { $field } is too short
   *[other] { $count } cells in { $field } are too short
}
expected-too-short = at least { $limit } characters

issue-pattern-mismatch = { $field } is not written as expected: “{ $value }”
issue-pattern-mismatch-hint = Compare it with a row that passes.
issue-pattern-mismatch-group = { $count ->
    [one] { $count } cell in { $field } is not written as expected
   *[other] { $count } cells in { $field } are not written as expected
}
expected-pattern-mismatch = text of the form { $limit }

issue-not-in-list = “{ $value }” is not on the list for { $field }
issue-not-in-list-hint = Choose one of: { $values }.
issue-not-in-list-group = { $count ->
    [one] { $count } value of { $field } is not on your list
   *[other] { $count } values of { $field } are not on your list
}
expected-not-in-list = one of { $values }

issue-list-alias = “{ $value }” is another name for { $fix }
issue-list-alias-hint = Take the suggested value.
issue-list-alias-group = { $count ->
    [one] { $count } value of { $field } goes by another name
   *[other] { $count } values of { $field } go by another name
}
expected-list-alias = one of { $values }

issue-duplicate-value = The same { $field } stands in row { $other_row }
issue-duplicate-value-hint = Keep one of the rows, or correct the one that is wrong.
issue-duplicate-value-group = { $count ->
    [one] { $count } row shares its { $field } with another
   *[other] { $count } rows share their { $field } with another
}
expected-duplicate-value = a value that no other row has

issue-not-a-number = { $field } is not a number: “{ $value }”
issue-not-a-number-hint = Write digits, with a point before the cents, such as 1234.56.
issue-not-a-number-group = { $count ->
    [one] { $count } value of { $field } is not a number
   *[other] { $count } values of { $field } are not numbers
}
expected-not-a-number = a number such as 1234.56

issue-number-format = { $field } is a number written in another way
issue-number-format-hint = Take the suggested value, { $fix }.
issue-number-format-group = { $count ->
    [one] { $count } number in { $field } is written in another way
   *[other] { $count } numbers in { $field } are written in another way
}
expected-number-format = a number such as 1234.56

issue-below-minimum = { $field } is below { $limit }
issue-below-minimum-hint = Correct it, or leave the row out.
issue-below-minimum-group = { $count ->
    [one] { $count } value of { $field } is below { $limit }
   *[other] { $count } values of { $field } are below { $limit }
}
expected-below-minimum = { $limit } or more

issue-above-maximum = { $field } is above { $limit }
issue-above-maximum-hint = Correct it, or leave the row out.
issue-above-maximum-group = { $count ->
    [one] { $count } value of { $field } is above { $limit }
   *[other] { $count } values of { $field } are above { $limit }
}
expected-above-maximum = { $limit } or less

issue-not-a-date = { $field } is not a date: “{ $value }”
issue-not-a-date-hint = Write year, month and day, such as 2026-04-03.
issue-not-a-date-group = { $count ->
    [one] { $count } value of { $field } is not a date
   *[other] { $count } values of { $field } are not dates
}
expected-not-a-date = a date such as 2026-04-03

issue-date-format = { $field } is a date written in another way
issue-date-format-hint = Take the suggested value, { $fix }.
issue-date-format-group = { $count ->
    [one] { $count } date in { $field } is written in another way
   *[other] { $count } dates in { $field } are written in another way
}
expected-date-format = a date such as 2026-04-03

issue-date-ambiguous = { $field } can be read two ways: “{ $value }”
issue-date-ambiguous-hint = Say once for the column whether the day or the month comes first.
issue-date-ambiguous-group = { $count ->
    [one] { $count } date in { $field } can be read two ways
   *[other] { $count } dates in { $field } can be read two ways
}
expected-date-ambiguous = a date such as 2026-04-03

issue-date-order = { $field } is before { $other_field }
issue-date-order-hint = Correct one of the two dates.
issue-date-order-group = { $count ->
    [one] { $count } row has { $field } before { $other_field }
   *[other] { $count } rows have { $field } before { $other_field }
}
expected-date-order = a date not before { $other_field }

issue-not-a-boolean = { $field } is neither yes nor no: “{ $value }”
issue-not-a-boolean-hint = Write true or false.
issue-not-a-boolean-group = { $count ->
    [one] { $count } value of { $field } is neither yes nor no
   *[other] { $count } values of { $field } are neither yes nor no
}
expected-not-a-boolean = true or false

issue-email-no-at = The e-mail has no @: “{ $value }”
issue-email-no-at-hint = Write the address as name@company.com.
issue-email-no-at-group = { $count ->
    [one] { $count } e-mail has no @
   *[other] { $count } e-mails have no @
}
expected-email-no-at = an address such as name@company.com

issue-email-invalid = “{ $value }” is not an e-mail address
issue-email-invalid-hint = Look for spaces, commas and missing dots.
issue-email-invalid-group = { $count ->
    [one] { $count } e-mail cannot be an address
   *[other] { $count } e-mails cannot be addresses
}
expected-email-invalid = an address such as name@company.com

issue-email-case = The e-mail has capital letters
issue-email-case-hint = Take the suggested value, in small letters.
issue-email-case-group = { $count ->
    [one] { $count } e-mail has capital letters
   *[other] { $count } e-mails have capital letters
}
expected-email-case = small letters

issue-name-capitals = The name is all in capitals
issue-name-capitals-hint = Take the suggested value, or leave it as it is.
issue-name-capitals-group = { $count ->
    [one] { $count } name in capitals
   *[other] { $count } names in capitals
}
expected-name-capitals = capitals at the beginning of names only

issue-check-digits = { $field } fails its check digits: “{ $value }”
issue-check-digits-hint = A digit was mistyped. Compare it with the document.
issue-check-digits-group = { $count ->
    [one] { $count } value of { $field } fails its check digits
   *[other] { $count } values of { $field } fail their check digits
}
expected-check-digits = a number whose check digits fit

issue-lost-zero = { $field } lost a leading zero: “{ $value }”
issue-lost-zero-hint = Put it back: with { $fix } the check digits fit.
issue-lost-zero-group = { $count ->
    [one] { $count } value of { $field } lost a leading zero
   *[other] { $count } values of { $field } lost a leading zero
}
expected-lost-zero = { $fix }

issue-document-format = { $field } has other characters or another length than it should: “{ $value }”
issue-document-format-hint = Compare it with the document. Dots and dashes do not matter.
issue-document-format-group = { $count ->
    [one] { $count } value of { $field } has not the right length
   *[other] { $count } values of { $field } have not the right length
}
expected-document-format = { $format ->
    [cpf] 11 digits, such as 529.982.247-25
    [cnpj] 14 letters and digits, such as 12.ABC.345/01DE-35
    [pis] 11 digits, such as 120.56874.10-7
   *[other] a complete number
}

issue-phone-invalid = “{ $value }” is no phone number that can be called
issue-phone-invalid-hint = Write it with its area code, or with + and the country's code.
issue-phone-invalid-group = { $count ->
    [one] { $count } phone cannot be called
   *[other] { $count } phones cannot be called
}
expected-phone-invalid = a number of { $country }, or one that begins with + and the country's code

issue-phone-format = The phone is written in another way
issue-phone-format-hint = Take the suggested value, { $fix }.
issue-phone-format-group = { $count ->
    [one] { $count } phone is written in another way
   *[other] { $count } phones are written in another way
}
expected-phone-format = a number such as +5511987654321

issue-not-in-table = { $field } is nobody's { $other_field } in this list
issue-not-in-table-hint = Good to know. The row can be sent.
issue-not-in-table-group = { $count ->
    [one] { $count } { $field } is not in this list
   *[other] { $count } values of { $field } are not in this list
}
expected-not-in-table = the { $other_field } of somebody in this list
