# Qué interrumpió el trabajo, y qué hacer (-hint).

error-reference = Para soporte: { $code }, id { $request_id }

error-token-refused = No se aceptó el acceso
error-token-refused-hint = Inicie sesión de nuevo. Si no basta, pida acceso a su administrador.
error-not-allowed = Su perfil no puede hacer esto
error-not-allowed-hint = Pida a un administrador de su empresa que lo haga o que le dé el perfil.
error-not-from-here = La petición no vino del propio Muster
error-not-from-here-hint = Use la dirección que muestra Muster, sin navegador ni proxy de por medio.
error-bad-request = No se entendió la petición
error-bad-request-hint = Compruebe que Muster está actualizado e inténtelo de nuevo.
error-not-found = No existe o pertenece a otra empresa
error-not-found-hint = Mire si el identificador está completo.
error-batch-differs = Este lote ya se envió con otro contenido
error-batch-differs-hint = Envíe la lista como un lote nuevo.
error-too-large = Es más grande de lo que el sistema acepta
error-too-large-hint = Divídalo y envíe las partes una tras otra.
error-too-many = Demasiadas peticiones a la vez
error-too-many-hint = No se pierde nada. Muster lo intenta de nuevo por sí solo.
error-internal = Algo salió mal al otro lado
error-internal-hint = Inténtelo de nuevo en un momento. Si continúa, dé el id a soporte.
error-unavailable = El sistema no responde ahora
error-unavailable-hint = No se pierde nada. Su trabajo se guarda y se envía cuando vuelva a responder.
