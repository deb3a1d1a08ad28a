# O e-mail de boas-vindas. $name é o nome da pessoa.

mail-welcome-subject = Boas-vindas, { $name }
mail-welcome-greeting = Olá, { $name }.
mail-welcome-body = Sua empresa fez o seu cadastro. Você não precisa fazer nada: a equipe de RH avisará sobre os próximos passos.
mail-welcome-closing = Boas-vindas à equipe.
mail-welcome-footer = Você recebe esta mensagem porque sua empresa cadastrou você com este endereço. Se achar que é um engano, avise a equipe de RH.
