# What stopped the work, and what to do (-hint). error-reference quotes the id for support.

error-reference = For support: { $code }, id { $request_id }

error-token-refused = The sign-in was not accepted
error-token-refused-hint = Sign in again. If that does not help, ask your administrator for access.
error-not-allowed = Your role may not do this
error-not-allowed-hint = Ask an administrator of your company to do it, or to give you the role.
error-not-from-here = The request did not come from Muster itself
error-not-from-here-hint = Use the address that Muster shows, without a browser or a proxy in between.
error-bad-request = The request was not understood
error-bad-request-hint = Make sure that Muster is up to date, then try again.
error-not-found = It does not exist, or belongs to another company
error-not-found-hint = Look whether the id is complete.
error-batch-differs = This batch was sent with other contents before
error-batch-differs-hint = Send the list as a new batch.
error-too-large = It is larger than the pipeline takes
error-too-large-hint = Split it and send the parts one after the other.
error-too-many = Too many requests at once
error-too-many-hint = Nothing is lost. Muster tries again by itself.
error-internal = Something went wrong on the other side
error-internal-hint = Try again in a moment. If it stays, give support the id.
error-unavailable = The pipeline does not answer now
error-unavailable-hint = Nothing is lost. Your work is kept and sent when it answers again.
