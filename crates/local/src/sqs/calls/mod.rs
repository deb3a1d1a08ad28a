//! The actions, by what they do. Each takes the queue's name and its own part of the body, and
//! answers with JSON.

mod queues;
mod receive;
mod send;
mod settle;
