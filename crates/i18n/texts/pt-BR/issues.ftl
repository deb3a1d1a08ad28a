# O que há de errado com uma célula, uma linha ou uma coluna. Os argumentos estão em en/issues.ftl.

issue-required-missing = { $field } está em branco
issue-required-missing-hint = Preencha ou deixe a linha de fora.
issue-required-missing-group = { $count ->
    [one] { $count } linha sem { $field }
   *[other] { $count } linhas sem { $field }
}
expected-required-missing = um valor

issue-field-missing = Nenhuma coluna traz { $field }
issue-field-missing-hint = Escolha a coluna em Colunas ou acrescente-a à lista.
issue-field-missing-group = { $count ->
    [one] { $count } campo obrigatório sem coluna
   *[other] { $count } campos obrigatórios sem coluna
}
expected-field-missing = uma coluna para { $field }

issue-header-twice = Duas colunas têm o título “{ $value }”
issue-header-twice-hint = Confira em Colunas se a coluna certa está em uso.
issue-header-twice-group = { $count ->
    [one] { $count } título repetido
   *[other] { $count } títulos repetidos
}
expected-header-twice = cada título uma só vez

issue-row-short = A linha tem menos células que o cabeçalho
issue-row-short-hint = Veja se falta um separador. As células que faltam são lidas como vazias.
issue-row-short-group = { $count ->
    [one] { $count } linha com células a menos
   *[other] { $count } linhas com células a menos
}
expected-row-short = tantas células quantas tem o cabeçalho

issue-row-long = A linha tem mais células que o cabeçalho
issue-row-long-hint = Veja se algum valor contém um separador e precisa de aspas. As células a mais ficam guardadas à parte.
issue-row-long-group = { $count ->
    [one] { $count } linha com células a mais
   *[other] { $count } linhas com células a mais
}
expected-row-long = tantas células quantas tem o cabeçalho

issue-quote-open = Há aspas abertas que nunca se fecham
issue-quote-open-hint = Feche as aspas no arquivo e abra-o de novo.
issue-quote-open-group = { $count ->
    [one] { $count } abertura de aspas sem fechamento
   *[other] { $count } aberturas de aspas sem fechamento
}
expected-quote-open = aspas de fechamento

issue-control-character = { $field } contém um caractere invisível
issue-control-character-hint = Digite o valor de novo ou use o sugerido.
issue-control-character-group = { $count ->
    [one] { $count } célula de { $field } com caracteres invisíveis
   *[other] { $count } células de { $field } com caracteres invisíveis
}
expected-control-character = somente letras, algarismos e sinais

issue-bad-encoding = { $field } contém bytes que não são letras na codificação deste arquivo
issue-bad-encoding-hint = Escolha outra codificação em Arquivo e confira um nome com acento.
issue-bad-encoding-group = { $count ->
    [one] { $count } célula ilegível nesta codificação
   *[other] { $count } células ilegíveis nesta codificação
}
expected-bad-encoding = texto na codificação do arquivo

issue-formula-error = { $field } é uma fórmula sem resultado: { $value }
issue-formula-error-hint = Corrija a fórmula ou digite o valor na planilha; ou digite-o aqui.
issue-formula-error-group = { $count ->
    [one] { $count } célula é uma fórmula sem resultado
   *[other] { $count } células são fórmulas sem resultado
}
expected-formula-error = um valor

issue-extra-spaces = { $field } tem espaços a mais
issue-extra-spaces-hint = Use o valor sugerido, sem eles.
issue-extra-spaces-group = { $count ->
    [one] { $count } célula de { $field } com espaços a mais
   *[other] { $count } células de { $field } com espaços a mais
}
expected-extra-spaces = nenhum espaço nas pontas, um só entre as palavras

issue-too-long = { $field } passa de { $limit } caracteres
issue-too-long-hint = Encurte o texto.
issue-too-long-group = { $count ->
    [one] { $count } célula de { $field } longa demais
   *[other] { $count } células de { $field } longas demais
}
expected-too-long = no máximo { $limit } caracteres

issue-too-short = { $field } tem menos de { $limit } caracteres
issue-too-short-hint = Escreva por extenso.
issue-too-short-group = { $count ->
    [one] { $count } célula de { $field } curta demais
   *[other] { $count } células de { $field } curtas demais
}
expected-too-short = pelo menos { $limit } caracteres

issue-pattern-mismatch = { $field } não está escrito como se espera: “{ $value }”
issue-pattern-mismatch-hint = Compare com uma linha que passou.
issue-pattern-mismatch-group = { $count ->
    [one] { $count } célula de { $field } fora do formato esperado
   *[other] { $count } células de { $field } fora do formato esperado
}
expected-pattern-mismatch = texto no formato { $limit }

issue-not-in-list = “{ $value }” não está na lista de { $field }
issue-not-in-list-hint = Escolha um destes: { $values }.
issue-not-in-list-group = { $count ->
    [one] { $count } valor de { $field } fora da sua lista
   *[other] { $count } valores de { $field } fora da sua lista
}
expected-not-in-list = um destes: { $values }

issue-list-alias = “{ $value }” é outro nome para { $fix }
issue-list-alias-hint = Use o valor sugerido.
issue-list-alias-group = { $count ->
    [one] { $count } valor de { $field } com outro nome
   *[other] { $count } valores de { $field } com outro nome
}
expected-list-alias = um destes: { $values }

issue-duplicate-value = O mesmo valor de { $field } está na linha { $other_row }
issue-duplicate-value-hint = Fique com uma das linhas ou corrija a que estiver errada.
issue-duplicate-value-group = { $count ->
    [one] { $count } linha repete { $field } de outra
   *[other] { $count } linhas repetem { $field } de outra
}
expected-duplicate-value = um valor que nenhuma outra linha tenha

issue-not-a-number = { $field } não é um número: “{ $value }”
issue-not-a-number-hint = Escreva só algarismos, com ponto antes dos centavos, como 1234.56.
issue-not-a-number-group = { $count ->
    [one] { $count } valor de { $field } não é número
   *[other] { $count } valores de { $field } não são números
}
expected-not-a-number = um número como 1234.56

issue-number-format = { $field } é um número escrito de outra forma
issue-number-format-hint = Use o valor sugerido, { $fix }.
issue-number-format-group = { $count ->
    [one] { $count } número de { $field } escrito de outra forma
   *[other] { $count } números de { $field } escritos de outra forma
}
expected-number-format = um número como 1234.56

issue-below-minimum = { $field } está abaixo de { $limit }
issue-below-minimum-hint = Corrija ou deixe a linha de fora.
issue-below-minimum-group = { $count ->
    [one] { $count } valor de { $field } abaixo de { $limit }
   *[other] { $count } valores de { $field } abaixo de { $limit }
}
expected-below-minimum = { $limit } ou mais

issue-above-maximum = { $field } está acima de { $limit }
issue-above-maximum-hint = Corrija ou deixe a linha de fora.
issue-above-maximum-group = { $count ->
    [one] { $count } valor de { $field } acima de { $limit }
   *[other] { $count } valores de { $field } acima de { $limit }
}
expected-above-maximum = { $limit } ou menos

issue-not-a-date = { $field } não é uma data: “{ $value }”
issue-not-a-date-hint = Escreva ano, mês e dia, como 2026-04-03.
issue-not-a-date-group = { $count ->
    [one] { $count } valor de { $field } não é data
   *[other] { $count } valores de { $field } não são datas
}
expected-not-a-date = uma data como 2026-04-03

issue-date-format = { $field } é uma data escrita de outra forma
issue-date-format-hint = Use o valor sugerido, { $fix }.
issue-date-format-group = { $count ->
    [one] { $count } data de { $field } escrita de outra forma
   *[other] { $count } datas de { $field } escritas de outra forma
}
expected-date-format = uma data como 2026-04-03

issue-date-ambiguous = { $field } pode ser lido de duas maneiras: “{ $value }”
issue-date-ambiguous-hint = Diga uma vez, para a coluna toda, se o dia ou o mês vem primeiro.
issue-date-ambiguous-group = { $count ->
    [one] { $count } data de { $field } com duas leituras
   *[other] { $count } datas de { $field } com duas leituras
}
expected-date-ambiguous = uma data como 2026-04-03

issue-date-order = { $field } vem antes de { $other_field }
issue-date-order-hint = Corrija uma das duas datas.
issue-date-order-group = { $count ->
    [one] { $count } linha com { $field } antes de { $other_field }
   *[other] { $count } linhas com { $field } antes de { $other_field }
}
expected-date-order = uma data que não venha antes de { $other_field }

issue-not-a-boolean = { $field } não é sim nem não: “{ $value }”
issue-not-a-boolean-hint = Escreva true ou false.
issue-not-a-boolean-group = { $count ->
    [one] { $count } valor de { $field } não é sim nem não
   *[other] { $count } valores de { $field } não são sim nem não
}
expected-not-a-boolean = true ou false

issue-email-no-at = O e-mail está sem @: “{ $value }”
issue-email-no-at-hint = Escreva o endereço como nome@empresa.com.br.
issue-email-no-at-group = { $count ->
    [one] { $count } e-mail sem @
   *[other] { $count } e-mails sem @
}
expected-email-no-at = um endereço como nome@empresa.com.br

issue-email-invalid = “{ $value }” não é um endereço de e-mail
issue-email-invalid-hint = Procure espaços, vírgulas e pontos que faltam.
issue-email-invalid-group = { $count ->
    [one] { $count } e-mail que não forma um endereço
   *[other] { $count } e-mails que não formam um endereço
}
expected-email-invalid = um endereço como nome@empresa.com.br

issue-email-case = O e-mail tem letras maiúsculas
issue-email-case-hint = Use o valor sugerido, em minúsculas.
issue-email-case-group = { $count ->
    [one] { $count } e-mail com maiúsculas
   *[other] { $count } e-mails com maiúsculas
}
expected-email-case = letras minúsculas

issue-name-capitals = O nome está todo em maiúsculas
issue-name-capitals-hint = Use o valor sugerido ou deixe como está.
issue-name-capitals-group = { $count ->
    [one] { $count } nome em maiúsculas
   *[other] { $count } nomes em maiúsculas
}
expected-name-capitals = maiúsculas só no início dos nomes

issue-check-digits = { $field } com dígito verificador errado: “{ $value }”
issue-check-digits-hint = Algum algarismo foi trocado. Confira no documento.
issue-check-digits-group = { $count ->
    [one] { $count } valor de { $field } com dígito verificador errado
   *[other] { $count } valores de { $field } com dígito verificador errado
}
expected-check-digits = um número cujos dígitos verificadores conferem

issue-lost-zero = { $field } sem o zero inicial: “{ $value }”
issue-lost-zero-hint = Reponha o zero: com { $fix } os dígitos verificadores conferem.
issue-lost-zero-group = { $count ->
    [one] { $count } valor de { $field } sem o zero inicial
   *[other] { $count } valores de { $field } sem o zero inicial
}
expected-lost-zero = { $fix }

issue-document-format = { $field } com caracteres ou tamanho diferentes do esperado: “{ $value }”
issue-document-format-hint = Confira no documento. Pontos e traços não importam.
issue-document-format-group = { $count ->
    [one] { $count } valor de { $field } com tamanho diferente do esperado
   *[other] { $count } valores de { $field } com tamanho diferente do esperado
}
expected-document-format = { $format ->
    [cpf] 11 algarismos, como 529.982.247-25
    [cnpj] 14 letras e algarismos, como 12.ABC.345/01DE-35
    [pis] 11 algarismos, como 120.56874.10-7
   *[other] um número completo
}

issue-phone-invalid = “{ $value }” não é um telefone que se possa chamar
issue-phone-invalid-hint = Escreva com DDD ou com + e o código do país.
issue-phone-invalid-group = { $count ->
    [one] { $count } telefone que não se pode chamar
   *[other] { $count } telefones que não se podem chamar
}
expected-phone-invalid = um número do país { $country } ou um que comece com + e o código do país

issue-phone-format = O telefone está escrito de outra forma
issue-phone-format-hint = Use o valor sugerido, { $fix }.
issue-phone-format-group = { $count ->
    [one] { $count } telefone escrito de outra forma
   *[other] { $count } telefones escritos de outra forma
}
expected-phone-format = um número como +5511987654321

issue-not-in-table = { $field } não corresponde a { $other_field } de ninguém nesta lista
issue-not-in-table-hint = É só um aviso. A linha pode ser enviada.
issue-not-in-table-group = { $count ->
    [one] { $count } valor de { $field } fora desta lista
   *[other] { $count } valores de { $field } fora desta lista
}
expected-not-in-table = { $other_field } de alguém desta lista
