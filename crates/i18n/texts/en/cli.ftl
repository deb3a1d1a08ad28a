# What the command line says.

cli-error = error
cli-hint = What to do: { $hint }
cli-interrupted = Stopped. Nothing is lost; go on with: muster resume
cli-reading = Reading { $name }
cli-read = { $count ->
    [one] { $count } row, { $issues } issues
   *[other] { $count } rows, { $issues } issues
}
cli-line = row { $row }, line { $line }
cli-fix = fix: { $fix }
cli-more-issues = { $count ->
    [one] and { $count } more; --json shows all
   *[other] and { $count } more; --json shows all
}
cli-fixed = { $count ->
    [one] { $count } cell fixed
   *[other] { $count } cells fixed
}
cli-excluded = { $count ->
    [one] { $count } row left out
   *[other] { $count } rows left out
}
cli-ask-send = { $count ->
    [one] Send { $count } row to { $connection }? [y/N]
   *[other] Send { $count } rows to { $connection }? [y/N]
}
cli-ask-again = { $count ->
    [one] Send { $count } row again? [y/N]
   *[other] Send { $count } rows again? [y/N]
}
cli-ask-discard = { $count ->
    [one] Give up { $count } row for good? [y/N]
   *[other] Give up { $count } rows for good? [y/N]
}
cli-yes-letters = y
cli-sent-before = This file was sent before, as batch { $batch }. People who are registered already will be refused, not registered twice.
cli-going-on = This file is on its way already: going on with batch { $batch }
cli-as-of = As of { $when }
cli-batch = Batch { $batch }
cli-step-journalled = Kept on this computer: it will be sent whatever happens
cli-step-created = Known to the pipeline
cli-step-sent = Uploaded
cli-step-cancelled = Called off
cli-uploading = Uploading
cli-tracking = Rows in their place
cli-connected = Connected as { $user } of { $company }
cli-offline = { $why }. Muster tries again by itself.
cli-clock-off = This computer's clock is off by { $by }. Muster corrects for it; please set it right.
cli-no-batches = No batches yet
cli-nothing-to-resume = Nothing is unfinished
cli-resuming = { $count ->
    [one] Going on with { $count } batch
   *[other] Going on with { $count } batches
}
cli-other-connections = { $count ->
    [one] { $count } unfinished batch belongs to another connection: name it with --connection
   *[other] { $count } unfinished batches belong to other connections: name them with --connection
}
cli-refused-total = { $count ->
    [0] No refused rows
    [one] { $count } refused row
   *[other] { $count } refused rows
}
cli-rejected-arrived = { $count ->
    [one] { $count } row was refused. “muster rejected list” shows why.
   *[other] { $count } rows were refused. “muster rejected list” shows why.
}
cli-refused-row = row { $row_no } of batch { $batch }
cli-open-at = open at { $by } until { $until }
cli-preview-row = row { $row_no }: { $field }: { $before } → { $after }
cli-preview-issue = row { $row_no } would still be wrong: { $issue }
cli-preview-same = row { $row_no } would not change
cli-dry-run = { $count ->
    [one] { $count } row would be sent again. Nothing was sent.
   *[other] { $count } rows would be sent again. Nothing was sent.
}
cli-canary = { $count ->
    [one] { $count } row first, to see that it passes
   *[other] { $count } rows first, to see that they pass
}
cli-decided = { $count ->
    [one] { $count } row sent again
   *[other] { $count } rows sent again
}
cli-discarded = { $count ->
    [one] { $count } row given up
   *[other] { $count } rows given up
}
cli-held = row { $row_no } is with { $by }: not sent from here
cli-held-until = row { $row_no } is open at { $by } until { $until }: not sent from here
cli-stale = row { $row_no } has moved on since: { $state }
cli-invalid = row { $row_no } is still wrong: { $issue }
cli-no-such-row = row { $row_no } is not in the batch
cli-generated = { $count ->
    [one] { $count } row written to { $name }
   *[other] { $count } rows written to { $name }
}
cli-cancelled = Batch { $batch } is called off: nobody of it will be registered
