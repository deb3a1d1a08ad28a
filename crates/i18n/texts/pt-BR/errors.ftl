# O que interrompeu o trabalho, e o que fazer (-hint).

error-reference = Para o suporte: { $code }, id { $request_id }
error-detail = Para o suporte: { $code }, { $detail }

error-token-refused = O acesso não foi aceito
error-token-refused-hint = Entre de novo. Se não resolver, peça acesso ao administrador.
error-not-allowed = Seu perfil não pode fazer isso
error-not-allowed-hint = Peça a um administrador da empresa que o faça ou que dê a você o perfil.
error-not-from-here = O pedido não veio do próprio Muster
error-not-from-here-hint = Use o endereço que o Muster mostra, sem navegador nem proxy no meio.
error-bad-request = O pedido não foi entendido
error-bad-request-hint = Confira se o Muster está atualizado e tente de novo.
error-not-found = Não existe ou pertence a outra empresa
error-not-found-hint = Veja se o identificador está completo.
error-batch-differs = Este lote já foi enviado com outro conteúdo
error-batch-differs-hint = Envie a lista como um novo lote.
error-too-large = É maior do que o sistema aceita
error-too-large-hint = Divida e envie as partes uma depois da outra.
error-too-many = Pedidos demais ao mesmo tempo
error-too-many-hint = Nada se perdeu. O Muster tenta de novo sozinho.
error-internal = Algo deu errado do outro lado
error-internal-hint = Tente de novo daqui a pouco. Se continuar, informe o id ao suporte.
error-unavailable = O sistema não responde agora
error-unavailable-hint = Nada se perdeu. Seu trabalho fica guardado e segue quando ele responder.

# O Muster e o caminho até o sistema. $detail é para o suporte, $name um arquivo, campo ou lote.
error-unreachable = O sistema não responde
error-unreachable-hint = Nada se perdeu. Confira a rede e o endereço; o que ficou pendente segue com “muster resume”.
error-not-a-pipeline = O que responde neste endereço não é um sistema Muster
error-not-a-pipeline-hint = Confira o endereço e se há um proxy no meio.
error-no-token = Não há acesso configurado para esta conexão
error-no-token-hint = Coloque o token na variável de ambiente MUSTER_TOKEN ou no arquivo “token” da pasta do Muster, legível só por você.
error-token-file-open = O arquivo do token pode ser lido por outras pessoas
error-token-file-open-hint = Deixe-o legível só por você (modo 600) e peça um novo token.
error-not-an-address = A conexão não é um endereço: { $detail }
error-not-an-address-hint = Escreva “embedded” ou um endereço que comece com https://.
error-no-pipeline = Nenhum sistema pôde ser encontrado ou iniciado
error-no-pipeline-hint = Veja se outro programa está usando a pasta e se há espaço em disco.
error-desk-in-use = Outro Muster está trabalhando nesta pasta
error-desk-in-use-hint = Espere terminar ou use outra pasta com --home. Consultar (batches, status, receipt) funciona ao mesmo tempo.
error-desk-folder = A pasta do Muster não pode ser usada
error-desk-folder-hint = Confira se você pode gravar nela ou escolha outra com --home.
error-disk-full = O disco está cheio
error-disk-full-hint = Nada ficou pela metade. Libere espaço e repita.
error-no-ledger = Nada foi enviado desta pasta até agora
error-no-ledger-hint = Veja se --home indica a pasta certa.
error-ledger-newer = Esta pasta foi gravada por uma versão mais nova do Muster
error-ledger-newer-hint = Atualize o Muster.
error-ledger-damaged = O registro do que foi enviado está danificado
error-ledger-damaged-hint = Não envie a lista de novo. Entregue a pasta ao suporte; o sistema conhece cada linha.
error-not-conserved = As linhas não somam
error-not-conserved-hint = Nada desta etapa foi gravado. Informe o id do lote ao suporte.
error-decision-waits = Uma decisão anterior sobre a linha { $name } ainda está sem resposta
error-decision-waits-hint = Nada disto foi enviado. Continue com “muster resume” e depois veja a linha de novo.
error-stored-differs = O sistema tem outro arquivo neste lote
error-stored-differs-hint = Nada seu foi aceito. Cancele o lote com “muster cancel”, envie a lista de novo e avise o suporte.
error-upload-corrupt = O arquivo mudou no caminho ou no disco
error-upload-corrupt-hint = Nada dele foi aceito. Cancele o lote com “muster cancel” e envie a lista de novo.
error-upload-refused = O arquivo não foi aceito
error-upload-refused-hint = Nada se perdeu. Veja se o relógio deste computador está certo e use “muster resume”.
error-upload-unreachable = O arquivo não pôde ser enviado
error-upload-unreachable-hint = Nada se perdeu. O envio segue com “muster resume”.
error-queues-unreachable = Não é possível saber o que houve com as linhas
error-queues-unreachable-hint = Nada se perdeu. O Muster tenta de novo sozinho.
error-outbox-gone = O arquivo a enviar sumiu da pasta do Muster
error-outbox-gone-hint = Ninguém foi cadastrado. Cancele o lote com “muster cancel” e envie a lista de novo.
error-batch-failed = O sistema não aceitou o lote
error-batch-failed-hint = { $detail }
error-no-such-batch = Não há um lote { $name } aqui
error-no-such-batch-hint = “muster batches” mostra todos. O final do id, ou “last”, basta.
error-batch-ambiguous = Mais de um lote termina em { $name }
error-batch-ambiguous-hint = Escreva mais do id.
error-not-our-batch = O lote { $name } foi enviado de outro computador
error-not-our-batch-hint = Só quem leu o arquivo pode prestar contas dele inteiro.
error-nothing-to-send = Não há linhas para enviar
error-nothing-to-send-hint = Todas as linhas ficaram de fora. Corrija a lista e abra de novo.
error-rows-with-errors = { $count ->
    [one] { $count } linha tem erros: nada foi enviado
   *[other] { $count } linhas têm erros: nada foi enviado
}
error-rows-with-errors-hint = Aceite as correções sugeridas com --fix-all e deixe o resto de fora com --exclude-bad; “muster check” mostra cada erro.
error-columns-missing = A lista não tem coluna para: { $values }
error-columns-missing-hint = Adicione a coluna ou indique uma existente com --column campo=cabeçalho.
error-dates-undecided = Datas como 03/04/2026 podem ser lidas de dois jeitos: { $values }
error-dates-undecided-hint = Diga o que vem primeiro: --dates dmy para o dia, --dates mdy para o mês.
error-no-such-field = Não há um campo { $name }
error-no-such-field-hint = Use o nome de um campo do esquema: { $values }
error-no-such-column = A lista não tem uma coluna { $name }
error-no-such-column-hint = Escreva o cabeçalho como está no arquivo.
error-stopping = Foi pedido que o Muster parasse
error-stopping-hint = O que ficou pendente segue com “muster resume”.
error-schema = { $name } não serve como esquema
error-schema-hint = Um esquema é um arquivo Frictionless Table Schema. Corrija-o ou não use --schema.
error-write-file = { $name } não pôde ser gravado
error-write-file-hint = Escolha outro lugar ou libere espaço em disco.
error-read-failed = { $name } não pôde ser lido
error-read-failed-hint = Veja se ele ainda está lá e se você tem permissão de leitura, ou copie-o para o disco deste computador e abra a cópia.
error-no-such-row = Não há uma linha recusada { $name } neste lote
error-no-such-row-hint = “muster rejected list” mostra todas as linhas recusadas.
error-nothing-matches = Nenhuma linha recusada corresponde
error-nothing-matches-hint = “muster rejected list” mostra todas as linhas recusadas.
error-no-change = Não foi dito o que mudar
error-no-change-hint = Diga com --set campo=valor ou --replace CAMPO ANTIGO NOVO. Para reenviar como está, use “muster rejected retry”.
error-canary-refused = { $count ->
    [one] { $count } das primeiras linhas foi recusada de novo: o resto não foi enviado
   *[other] { $count } das primeiras linhas foram recusadas de novo: o resto não foi enviado
}
error-canary-refused-hint = Veja os motivos com “muster rejected list” e escolha outra correção.
error-not-confirmed = Nada foi enviado: não houve confirmação
error-not-confirmed-hint = Responda que sim ou use --yes.
error-already-sent = O sistema já tem o lote { $name }
error-already-sent-hint = Ele continua. O que for recusado pode ser descartado com “muster rejected discard”.
