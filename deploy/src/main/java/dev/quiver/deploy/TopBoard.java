package dev.quiver.deploy;

import dev.quiver.pipeline.history.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What a dashboard tells of a session or a scheduler at a moment: the JSON of `/api/v1/boards/ID`.
/// Numbers that an older dashboard doesn't tell are −1.
///
/// @param micros since the board began
record TopBoard(
        int id,
        String name,
        boolean isOpen,
        long micros,
        long tasksEnded,
        long tasksFailed,
        List<Job> jobs,
        List<Stage> stages,
        List<Worker> workers,
        List<Failure> failures) {
    TopBoard {
        jobs = List.copyOf(jobs);
        stages = List.copyOf(stages);
        workers = List.copyOf(workers);
        failures = List.copyOf(failures);
    }

    /// Whether a task is with a worker.
    boolean isBusy() {
        return workers.stream().anyMatch(worker -> worker.running() > 0);
    }

    /// A query.
    ///
    /// @param untilMicros −1 while it runs
    record Job(String title, String place, long untilMicros) {}

    /// A stage.
    ///
    /// @param id by which failures name it
    /// @param sinceMicros −1 before its first task was given to a worker
    /// @param untilMicros −1 before it ended
    record Stage(
            long id,
            String name,
            long total,
            long assigned,
            long done,
            long failed,
            long rows,
            long bytes,
            long sinceMicros,
            long untilMicros) {
        boolean hasEnded() {
            return untilMicros >= 0;
        }

        boolean hasBegun() {
            return sinceMicros >= 0;
        }
    }

    /// A worker.
    ///
    /// @param cpuPercent of one core
    record Worker(
            long id,
            String name,
            long slots,
            long running,
            long usedBytes,
            long limitBytes,
            long spilledBytes,
            long cpuPercent,
            long sentPerSecond,
            long receivedPerSecond) {}

    /// An attempt that failed.
    record Failure(long stage, long partition, long attempt, long worker, String why) {}

    /// The ids and names of all that a dashboard shows, the newest first.
    ///
    /// @param text an array, as `/api/v1/boards` answers
    /// @throws IOException when it is something else
    static Map<Integer, String> list(String text) throws IOException {
        var boards = new LinkedHashMap<Integer, String>();
        for (Map<?, ?> board : objects(Json.object("{\"boards\":" + text + "}"), "boards"))
            boards.put((int) number(board, "id"), text(board, "name"));
        return boards;
    }

    /// @throws IOException when it is no JSON object
    static TopBoard of(String text) throws IOException {
        Map<String, Object> board = Json.object(text);
        return new TopBoard(
                (int) number(board, "id"),
                text(board, "name"),
                Boolean.TRUE.equals(board.get("open")),
                number(board, "micros"),
                number(board, "tasksEnded"),
                number(board, "tasksFailed"),
                objects(board, "jobs").stream()
                        .map(job ->
                                new Job(
                                        text(job, "title"),
                                        text(job, "place"),
                                        number(job, "untilMicros")))
                        .toList(),
                objects(board, "stages").stream().map(TopBoard::stage).toList(),
                objects(board, "workers").stream().map(TopBoard::worker).toList(),
                objects(board, "failures").stream()
                        .map(failure ->
                                new Failure(
                                        number(failure, "stage"),
                                        number(failure, "partition"),
                                        number(failure, "attempt"),
                                        number(failure, "worker"),
                                        text(failure, "why")))
                        .toList());
    }

    private static Stage stage(Map<?, ?> stage) {
        return new Stage(
                number(stage, "id"),
                text(stage, "name"),
                number(stage, "total"),
                number(stage, "assigned"),
                number(stage, "finished") + number(stage, "dropped"),
                number(stage, "failed"),
                number(stage, "rows"),
                number(stage, "bytes"),
                number(stage, "sinceMicros"),
                number(stage, "untilMicros"));
    }

    private static Worker worker(Map<?, ?> worker) {
        return new Worker(
                number(worker, "id"),
                text(worker, "name"),
                number(worker, "slots"),
                number(worker, "running"),
                number(worker, "usedBytes"),
                number(worker, "limitBytes"),
                number(worker, "spilledBytes"),
                number(worker, "cpuPercent"),
                number(worker, "sentPerSecond"),
                number(worker, "receivedPerSecond"));
    }

    private static List<Map<?, ?>> objects(Map<?, ?> object, String name) {
        var found = new ArrayList<Map<?, ?>>();
        if (object.get(name) instanceof List<?> list)
            for (Object one : list) if (one instanceof Map<?, ?> map) found.add(map);
        return found;
    }

    private static long number(Map<?, ?> object, String name) {
        return object.get(name) instanceof Number number ? number.longValue() : -1;
    }

    /// Without what would move a terminal's cursor.
    private static String text(Map<?, ?> object, String name) {
        return object.get(name) instanceof String text
                ? text.replaceAll("\\p{Cntrl}+", " ").strip()
                : "";
    }
}
