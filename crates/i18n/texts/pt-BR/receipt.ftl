# O recibo, como as pessoas o leem.

receipt-title = Recibo de { $name }
receipt-file = Arquivo: { $name }, { $count ->
    [one] { $count } linha
   *[other] { $count } linhas
}, SHA-256 { $sha256 }
receipt-total = Total
receipt-closed = Fechado em { $when }: cada linha está no seu lugar
receipt-open = { $count ->
    [one] Aberto: { $count } linha ainda está a caminho
   *[other] Aberto: { $count } linhas ainda estão a caminho
}
receipt-unanswered = Aberto: uma decisão sobre uma linha recusada ainda está sem resposta
