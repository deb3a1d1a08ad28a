# The welcome e-mail. $name is the person's name.

mail-welcome-subject = Welcome, { $name }
mail-welcome-greeting = Hello, { $name }.
mail-welcome-body = Your company has registered you. There is nothing you need to do: you will hear from your HR team about the next steps.
mail-welcome-closing = Welcome aboard.
mail-welcome-footer = You receive this message because your employer registered you with this address. If you think that this is a mistake, tell your HR team.
