package dev.quiver.worker.server;

import dev.quiver.graph.Stage;

/// Runs the programs of stages of one kind and holds their outputs. [#run] is called by the slots'
/// threads, several at a time; everything else by one thread at a time.
public interface Engine {
    /// Prepares a stage, before its first task.
    void open(Stage stage);

    /// Forgets a stage. Outputs that are still held stay.
    void close(int stage);

    /// Runs a task to its end and holds the output under task and attempt.
    ///
    /// @throws Exception whatever the program throws; then nothing is held
    Output run(Attempt attempt) throws Exception;

    /// Frees an output of this attempt or an earlier one, if it is here.
    void drop(int stage, int partition, int attempt);

    /// Holds the copy of another worker's whole output as one of its own, if it is of a kind that
    /// this engine holds.
    void keep(int stage, int partition, int attempt);

    /// What is known of an output without looking inside.
    record Output(long rows, long bytes) {
        static final Output OBJECT = new Output(1, 0);
    }
}
