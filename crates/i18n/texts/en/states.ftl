# Where a row is, and where a batch is, in a word or two. Why a batch was not taken follows
# batch-failed-.

state-draft = Not sent
state-sent = Sent
state-queued = Waiting
state-registering = Being registered
state-registered = Registered
state-notified = Registered and notified
state-rejected = Rejected
state-cancelled = Cancelled
state-discarded = Discarded
state-excluded = Left out
state-unknown = Being looked up

batch-awaiting-upload = Waiting for the file
batch-received = Received
batch-extracting = Reading the rows
batch-running = Under way
batch-settled = Settled
batch-failed = Not taken
batch-failed-upload-never-came = The file never arrived. None of its rows was taken; send it again.
batch-failed-not-as-declared = The file arrived changed. None of its rows was taken; send it again.
batch-failed-not-readable = The file that arrived could not be read. None of its rows was taken; send it again.
