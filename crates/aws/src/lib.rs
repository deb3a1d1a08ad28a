//! The adapters to AWS: S3 and SQS.
