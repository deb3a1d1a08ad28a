# Why a row was refused: one line, what to do (-hint), many together (-group).
# $field is the title of the field to look at, $count the number of rows.

reason-already-registered = This person is registered already
reason-already-registered-hint = Discard the row if it is the same person. If it is somebody else, correct { $field }.
reason-already-registered-group = { $count ->
    [one] { $count } person is registered already
   *[other] { $count } people are registered already
}

reason-unknown-department = The company has no such department
reason-unknown-department-hint = Choose one of the company's departments and send the row again.
reason-unknown-department-group = { $count ->
    [one] { $count } row names a department that the company does not have
   *[other] { $count } rows name a department that the company does not have
}

reason-blocked-email-domain = E-mails of this domain are not accepted
reason-blocked-email-domain-hint = Use the person's work address and send the row again.
reason-blocked-email-domain-group = { $count ->
    [one] { $count } e-mail is of a domain that is not accepted
   *[other] { $count } e-mails are of a domain that is not accepted
}

reason-invalid-cell = { $field } did not pass the second check
reason-invalid-cell-hint = Correct the marked field and send the row again.
reason-invalid-cell-group = { $count ->
    [one] { $count } row did not pass the second check in { $field }
   *[other] { $count } rows did not pass the second check in { $field }
}

reason-superseded = A later correction of this row went first
reason-superseded-hint = Nothing to do: the later one counts.
reason-superseded-group = { $count ->
    [one] { $count } row was overtaken by a later correction
   *[other] { $count } rows were overtaken by a later correction
}

reason-refused-by-registry = The company's system refused the row and gave no reason
reason-refused-by-registry-hint = Ask the people who look after that system, then send the row again.
reason-refused-by-registry-group = { $count ->
    [one] { $count } row was refused without a reason
   *[other] { $count } rows were refused without a reason
}
