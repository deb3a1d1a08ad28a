# What stopped the work, and what to do (-hint). error-reference quotes the id for support.

error-reference = For support: { $code }, id { $request_id }
error-detail = For support: { $code }, { $detail }

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

# The desk and its way to the pipeline. $detail is for support, $name a file, field or batch.
error-unreachable = The pipeline does not answer
error-unreachable-hint = Nothing is lost. Check the network and the address; what is unfinished goes on with “muster resume”.
error-not-a-pipeline = What answers at this address is not a Muster pipeline
error-not-a-pipeline-hint = Look at the address, and whether a proxy stands in between.
error-no-token = There is no sign-in for this connection
error-no-token-hint = Put the token into the environment variable MUSTER_TOKEN, or into the file “token” of the desk's folder, readable by you alone.
error-token-file-open = The token's file can be read by others
error-token-file-open-hint = Make it readable by you alone (mode 600), and ask for a new token.
error-not-an-address = The connection is not an address: { $detail }
error-not-an-address-hint = Write “embedded”, or an address that begins with https://.
error-no-pipeline = No pipeline could be found or started
error-no-pipeline-hint = Look whether another program holds its folder, and whether the disk has room.
error-desk-in-use = Another Muster is at work in this folder
error-desk-in-use-hint = Wait until it is done, or use another folder with --home. Looking (batches, status, receipt) works beside it.
error-desk-folder = The desk's folder cannot be used
error-desk-folder-hint = Make sure that you may write there, or choose another with --home.
error-disk-full = The disk is full
error-disk-full-hint = Nothing was half done. Make room, then do it again.
error-no-ledger = Nothing was ever sent from this folder
error-no-ledger-hint = Look whether --home names the right folder.
error-ledger-newer = This folder was written by a later version of Muster
error-ledger-newer-hint = Update Muster.
error-ledger-damaged = The record of what was sent is damaged
error-ledger-damaged-hint = Do not send the list again. Give support the folder; the pipeline knows every row.
error-not-conserved = The rows do not sum up
error-not-conserved-hint = Nothing of this step was written. Give support the batch's id.
error-decision-waits = An earlier decision about row { $name } is still unanswered
error-decision-waits-hint = Nothing of this was sent. Go on with “muster resume”, then look at the row again.
error-stored-differs = The pipeline has another file under this batch
error-stored-differs-hint = Nothing of yours was taken. Call the batch off with “muster cancel”, send the list again, and tell support.
error-upload-corrupt = The file changed on its way, or on the disk
error-upload-corrupt-hint = None of it was taken. Call the batch off with “muster cancel”, then send the list again.
error-upload-refused = The file was not taken
error-upload-refused-hint = Nothing is lost. Look whether this computer's clock is right, then “muster resume”.
error-upload-unreachable = The file could not be uploaded
error-upload-unreachable-hint = Nothing is lost. It goes on with “muster resume”.
error-queues-unreachable = What became of the rows cannot be heard
error-queues-unreachable-hint = Nothing is lost. Muster tries again by itself.
error-outbox-gone = The file to send is missing from the desk's folder
error-outbox-gone-hint = Nobody was registered. Call the batch off with “muster cancel”, then send the list again.
error-batch-failed = The pipeline did not take the batch
error-batch-failed-hint = { $detail }
error-no-such-batch = There is no batch { $name } here
error-no-such-batch-hint = “muster batches” lists them. The end of an id, or “last”, is enough.
error-batch-ambiguous = More than one batch ends in { $name }
error-batch-ambiguous-hint = Write more of its id.
error-not-our-batch = The batch { $name } was sent from another desk
error-not-our-batch-hint = Only the desk that read the file can account for all of it.
error-nothing-to-send = There is no row to send
error-nothing-to-send-hint = All rows are left out. Correct the list and open it again.
error-rows-with-errors = { $count ->
    [one] { $count } row has errors: nothing was sent
   *[other] { $count } rows have errors: nothing was sent
}
error-rows-with-errors-hint = Take the suggested fixes with --fix-all, and leave out the rest with --exclude-bad; “muster check” shows each.
error-columns-missing = The list has no column for: { $values }
error-columns-missing-hint = Add the column, or name an existing one with --column field=header.
error-dates-undecided = Dates such as 03/04/2026 could be read in two ways: { $values }
error-dates-undecided-hint = Say which comes first: --dates dmy for the day, --dates mdy for the month.
error-no-such-field = There is no field { $name }
error-no-such-field-hint = Use a field's name of the schema: { $values }
error-no-such-column = The list has no column { $name }
error-no-such-column-hint = Write the header as it stands in the file.
error-stopping = Muster was asked to stop
error-stopping-hint = What is unfinished goes on with “muster resume”.
error-schema = { $name } cannot be used as a schema
error-schema-hint = A schema is a Frictionless Table Schema file. Correct it, or leave --schema out.
error-write-file = { $name } could not be written
error-write-file-hint = Choose another place, or make room on the disk.
error-read-failed = { $name } could not be read
error-read-failed-hint = Look whether it is still there and whether you may read it, or copy it to this computer's disk and open the copy.
error-no-such-row = There is no refused row { $name } in this batch
error-no-such-row-hint = “muster rejected list” shows all refused rows.
error-nothing-matches = No refused row matches
error-nothing-matches-hint = “muster rejected list” shows all refused rows.
error-no-change = Nothing was said to change
error-no-change-hint = Say it with --set field=value or --replace FIELD OLD NEW. To send rows again as they are, use “muster rejected retry”.
error-canary-refused = { $count ->
    [one] { $count } of the first rows was refused again: the rest was not sent
   *[other] { $count } of the first rows were refused again: the rest was not sent
}
error-canary-refused-hint = Look at their reasons with “muster rejected list”, and choose another correction.
error-not-confirmed = Nothing was sent: it was not confirmed
error-not-confirmed-hint = Answer yes, or give --yes.
error-already-sent = The pipeline has the batch { $name }
error-already-sent-hint = It goes on. What is refused can be discarded with “muster rejected discard”.
