package dev.quiver.dashboard;

/// Something that happened, as a sentence.
///
/// @param micros when, by the board's clock
/// @param about what
record Happening(long micros, Level level, String text, About about) {
    /// How much it matters.
    enum Level {
        /// It is as it should be.
        INFO,
        /// It went wrong and is made good: nobody has to do anything.
        WARNING,
        /// It went wrong for good.
        ERROR
    }

    /// What can be looked at; −1 where there is nothing of the kind.
    record About(int stage, int partition, int worker, long job) {
        static final About NOTHING = new About(-1, -1, -1, -1);

        static About task(int stage, int partition, int worker) {
            return new About(stage, partition, worker, -1);
        }

        static About worker(int worker) {
            return new About(-1, -1, worker, -1);
        }

        static About job(long job) {
            return new About(-1, -1, -1, job);
        }
    }
}
