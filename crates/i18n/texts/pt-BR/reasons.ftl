# Por que uma linha foi recusada: uma frase, o que fazer (-hint), muitas juntas (-group).

reason-already-registered = Esta pessoa já está cadastrada
reason-already-registered-hint = Descarte a linha se for a mesma pessoa. Se for outra, corrija { $field }.
reason-already-registered-group = { $count ->
    [one] { $count } pessoa já cadastrada
   *[other] { $count } pessoas já cadastradas
}

reason-unknown-department = A empresa não tem esse departamento
reason-unknown-department-hint = Escolha um dos departamentos da empresa e envie a linha de novo.
reason-unknown-department-group = { $count ->
    [one] { $count } linha com departamento que a empresa não tem
   *[other] { $count } linhas com departamento que a empresa não tem
}

reason-blocked-email-domain = E-mails desse domínio não são aceitos
reason-blocked-email-domain-hint = Use o endereço de trabalho da pessoa e envie a linha de novo.
reason-blocked-email-domain-group = { $count ->
    [one] { $count } e-mail de domínio não aceito
   *[other] { $count } e-mails de domínio não aceito
}

reason-invalid-cell = { $field } não passou na segunda conferência
reason-invalid-cell-hint = Corrija o campo marcado e envie a linha de novo.
reason-invalid-cell-group = { $count ->
    [one] { $count } linha não passou na segunda conferência de { $field }
   *[other] { $count } linhas não passaram na segunda conferência de { $field }
}

reason-superseded = Uma correção posterior desta linha chegou antes
reason-superseded-hint = Nada a fazer: vale a posterior.
reason-superseded-group = { $count ->
    [one] { $count } linha ultrapassada por uma correção posterior
   *[other] { $count } linhas ultrapassadas por uma correção posterior
}

reason-refused-by-registry = O sistema da empresa recusou a linha sem dizer o motivo
reason-refused-by-registry-hint = Pergunte a quem cuida desse sistema e depois envie a linha de novo.
reason-refused-by-registry-group = { $count ->
    [one] { $count } linha recusada sem motivo
   *[other] { $count } linhas recusadas sem motivo
}
