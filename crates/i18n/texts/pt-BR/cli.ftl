# O que a linha de comando diz.

cli-error = erro
cli-hint = O que fazer: { $hint }
cli-interrupted = Parado. Nada se perdeu; continue com: muster resume
cli-reading = Lendo { $name }
cli-read = { $count ->
    [one] { $count } linha, { $issues } problemas
   *[other] { $count } linhas, { $issues } problemas
}
cli-line = linha { $row } da lista, { $line } do arquivo
cli-fix = correção: { $fix }
cli-more-issues = { $count ->
    [one] e mais { $count }; --json mostra tudo
   *[other] e mais { $count }; --json mostra tudo
}
cli-fixed = { $count ->
    [one] { $count } célula corrigida
   *[other] { $count } células corrigidas
}
cli-excluded = { $count ->
    [one] { $count } linha deixada de fora
   *[other] { $count } linhas deixadas de fora
}
cli-ask-send = { $count ->
    [one] Enviar { $count } linha para { $connection }? [s/N]
   *[other] Enviar { $count } linhas para { $connection }? [s/N]
}
cli-ask-again = { $count ->
    [one] Reenviar { $count } linha? [s/N]
   *[other] Reenviar { $count } linhas? [s/N]
}
cli-ask-discard = { $count ->
    [one] Descartar { $count } linha de vez? [s/N]
   *[other] Descartar { $count } linhas de vez? [s/N]
}
cli-yes-letters = s
cli-sent-before = Este arquivo já foi enviado, como lote { $batch }. Quem já está cadastrado será recusado, não cadastrado duas vezes.
cli-going-on = Este arquivo já está a caminho: continuando com o lote { $batch }
cli-as-of = Situação em { $when }
cli-batch = Lote { $batch }
cli-step-journalled = Guardado neste computador: será enviado aconteça o que acontecer
cli-step-created = Conhecido pelo sistema
cli-step-sent = Enviado
cli-step-cancelled = Cancelado
cli-uploading = Enviando
cli-tracking = Linhas no seu lugar
cli-connected = Conectado como { $user } de { $company }
cli-offline = { $why }. O Muster tenta de novo sozinho.
cli-clock-off = O relógio deste computador está errado em { $by }. O Muster compensa; acerte-o, por favor.
cli-no-batches = Nenhum lote ainda
cli-nothing-to-resume = Nada está pendente
cli-resuming = { $count ->
    [one] Continuando { $count } lote
   *[other] Continuando { $count } lotes
}
cli-other-connections = { $count ->
    [one] { $count } lote pendente é de outra conexão: indique-a com --connection
   *[other] { $count } lotes pendentes são de outras conexões: indique-as com --connection
}
cli-refused-total = { $count ->
    [0] Nenhuma linha recusada
    [one] { $count } linha recusada
   *[other] { $count } linhas recusadas
}
cli-rejected-arrived = { $count ->
    [one] { $count } linha foi recusada. “muster rejected list” mostra o motivo.
   *[other] { $count } linhas foram recusadas. “muster rejected list” mostra os motivos.
}
cli-refused-row = linha { $row_no } do lote { $batch }
cli-open-at = aberta com { $by } até { $until }
cli-preview-row = linha { $row_no }: { $field }: { $before } → { $after }
cli-preview-issue = a linha { $row_no } continuaria errada: { $issue }
cli-preview-same = a linha { $row_no } não mudaria
cli-dry-run = { $count ->
    [one] { $count } linha seria reenviada. Nada foi enviado.
   *[other] { $count } linhas seriam reenviadas. Nada foi enviado.
}
cli-canary = { $count ->
    [one] { $count } linha primeiro, para ver se passa
   *[other] { $count } linhas primeiro, para ver se passam
}
cli-decided = { $count ->
    [one] { $count } linha reenviada
   *[other] { $count } linhas reenviadas
}
cli-discarded = { $count ->
    [one] { $count } linha descartada
   *[other] { $count } linhas descartadas
}
cli-held = a linha { $row_no } está com { $by }: não foi enviada daqui
cli-held-until = a linha { $row_no } está aberta com { $by } até { $until }: não foi enviada daqui
cli-stale = a linha { $row_no } já mudou: { $state }
cli-invalid = a linha { $row_no } continua errada: { $issue }
cli-no-such-row = a linha { $row_no } não está no lote
cli-generated = { $count ->
    [one] { $count } linha gravada em { $name }
   *[other] { $count } linhas gravadas em { $name }
}
cli-cancelled = O lote { $batch } foi cancelado: ninguém dele será cadastrado
