# Por que um arquivo não pôde ser lido como lista, e o que fazer (-hint).

fault-file-empty = { $name } está vazio
fault-file-empty-hint = O arquivo não tem conteúdo. Salve a lista de novo e abra o novo arquivo.

fault-file-no-rows = { $name } tem cabeçalho e nenhuma linha
fault-file-no-rows-hint = Veja se as pessoas estão em outra planilha ou em outro arquivo.

fault-file-not-a-table = { $name } não é uma lista
fault-file-not-a-table-hint = O Muster lê arquivos CSV e pastas de trabalho do Excel. Salve a lista em um desses formatos.

fault-file-wrong-extension = { $name } não é o que o nome diz
fault-file-wrong-extension-hint = Abra-o no programa em que foi feito e salve como CSV ou como pasta de trabalho do Excel.

fault-file-damaged = { $name } está danificado ou incompleto
fault-file-damaged-hint = Abra-o no Excel, salve com outro nome e tente com esse. Se veio por e-mail, peça de novo.

fault-file-password = { $name } está protegido por senha
fault-file-password-hint = Abra-o no Excel, remova a senha em Arquivo, Informações, e salve.

fault-file-too-large = { $name } é maior do que se pode ler com segurança
fault-file-too-large-hint = Copie só as pessoas para uma nova pasta de trabalho ou salve a planilha como CSV.

fault-file-too-many-columns = { $name } tem colunas demais
fault-file-too-many-columns-hint = Deixe as colunas sobre as pessoas e remova o resto.

fault-file-too-many-rows = { $name } tem mais linhas do que cabem em um lote
fault-file-too-many-rows-hint = Divida a lista em vários arquivos.

fault-file-no-such-sheet = { $name } não tem planilha com esse nome
fault-file-no-such-sheet-hint = Escolha uma das que ele tem: { $detail }

fault-file-unreadable = { $detail ->
    [not-found] Não há { $name } nesse lugar
    [not-a-file] { $name } é uma pasta ou outra coisa que não é um arquivo
    [denied] Você não tem permissão para ler { $name }
   *[other] Não foi possível abrir { $name }
}
fault-file-unreadable-hint = { $detail ->
    [not-found] Veja se foi movido, renomeado ou excluído.
    [not-a-file] Escolha a própria lista.
    [denied] Peça acesso a quem é dono do arquivo ou copie-o para uma pasta sua.
   *[other] Feche-o em outros programas e abra de novo.
}

fault-file-changed = { $name } mudou durante a leitura
fault-file-changed-hint = Espere terminar de salvar ou de baixar e abra de novo.
