# Onde está uma linha, e onde está um lote, em uma ou duas palavras.

state-draft = Não enviada
state-sent = Enviada
state-queued = Na fila
state-registering = Em cadastro
state-registered = Cadastrada
state-notified = Cadastrada e avisada
state-rejected = Recusada
state-cancelled = Cancelada
state-discarded = Descartada
state-excluded = Deixada de fora
state-unknown = Em consulta

batch-awaiting-upload = Aguardando o arquivo
batch-received = Recebido
batch-extracting = Lendo as linhas
batch-running = Em andamento
batch-settled = Concluído
batch-failed = Não aceito
batch-failed-upload-never-came = O arquivo não chegou. Nenhuma linha foi aceita; envie de novo.
batch-failed-not-as-declared = O arquivo chegou alterado. Nenhuma linha foi aceita; envie de novo.
batch-failed-not-readable = Não foi possível ler o arquivo que chegou. Nenhuma linha foi aceita; envie de novo.
