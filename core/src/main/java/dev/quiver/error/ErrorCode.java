package dev.quiver.error;

/// A stable name for each kind of failure, printed behind the message and meant for programs.
public enum ErrorCode {
    /// A name that the schema doesn't have.
    COLUMN_NOT_FOUND,
    /// A name that the schema already has.
    COLUMN_DUPLICATE,
    /// Types that don't go together.
    TYPE_MISMATCH,
    /// An expression that can't be read or makes no sense here.
    EXPRESSION_INVALID,
    /// An argument outside what a method takes.
    ARGUMENT_INVALID,
    /// A plan that asks for something that can't be done.
    PLAN_INVALID,
    /// A path that doesn't exist or a pattern that matches nothing.
    FILE_NOT_FOUND,
    /// A file that isn't what its format promises.
    FILE_CORRUPT,
    /// A file that changed while it was read.
    FILE_CHANGED,
    /// A target that is there already.
    TARGET_EXISTS,
    /// Reading or writing failed in the operating system.
    IO_FAILED,
    /// A database that refused what it was asked.
    DATABASE_FAILED,
    /// A text that isn't a value of its column's type.
    BAD_VALUE,
    /// A row or a line that breaks the format.
    BAD_ROW,
    /// A feature of a format or of Quiver that isn't there.
    UNSUPPORTED,
    /// A row that a gate's rule turns away, or too many of them.
    GATE_FAILED,
    /// An arithmetic result outside its type.
    OVERFLOW,
    /// Memory that the budget doesn't have.
    MEMORY_REFUSED,
    /// A task of the user threw.
    TASK_FAILED,
    /// Work that took longer than its limit.
    TIMEOUT,
    /// Work that was cancelled.
    CANCELLED,
    /// A session, table or cluster that isn't there any more.
    UNAVAILABLE,
    /// Something that the caller may not do, or a caller that can't prove who it is.
    ACCESS_DENIED,
    /// A closure or value that can't travel.
    NOT_SERIALIZABLE,
    /// A setting that doesn't exist or has an impossible value.
    CONFIG_INVALID,
    /// A command that was called wrongly.
    USAGE_INVALID,
    /// A program that doesn't compile or can't be started.
    PROGRAM_INVALID,
    /// Quiver broke one of its own rules.
    INTERNAL
}
