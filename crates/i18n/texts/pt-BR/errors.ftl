# O que interrompeu o trabalho, e o que fazer (-hint).

error-reference = Para o suporte: { $code }, id { $request_id }

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
