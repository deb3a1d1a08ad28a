# El correo de bienvenida. $name es el nombre de la persona.

mail-welcome-subject = Le damos la bienvenida, { $name }
mail-welcome-greeting = Hola, { $name }:
mail-welcome-body = Su empresa le ha registrado. No tiene que hacer nada: su equipo de RR. HH. le informará de los próximos pasos.
mail-welcome-closing = Le damos la bienvenida al equipo.
mail-welcome-footer = Recibe este mensaje porque su empresa le registró con esta dirección. Si cree que es un error, avise a su equipo de RR. HH.
