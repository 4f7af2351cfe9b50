package dev.quiver.dashboard;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.scheduler.server.RunHistory;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongPredicate;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs that have ended, each in a directory of its own: what it was, and its report.
final class RunArchive {
    private static final Logger LOG = LoggerFactory.getLogger(RunArchive.class);
    private static final JsonFactory JSON = new JsonFactory();
    private static final String FACTS = "run.json";
    private static final String REPORT = "report.html";
    private static final DateTimeFormatter BEGAN =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);

    /// When it began, the process, the number of its board there and, of one that isn't all of the
    /// board, its own. Nothing else in the directory is looked at or removed.
    private static final Pattern ID =
            Pattern.compile("\\d{8}T\\d{6}-\\d{1,10}-\\d{1,9}(-\\d{1,9})?");

    private final RunHistory history;
    private final AtomicInteger parts = new AtomicInteger();

    RunArchive(RunHistory history) {
        this.history = history;
    }

    /// Writes down what the board shows, if anything ran, and removes what is too old or too much.
    ///
    /// @throws QuiverException IO_FAILED when it can't be written
    void keep(Board board) {
        keep(board.view(), command(), "", () -> RunReport.of(board));
    }

    /// The same of some jobs of the board.
    ///
    /// @param name what they are called together
    void keep(Board board, String name, LongPredicate jobs) {
        String part = "-" + parts.incrementAndGet();
        keep(board.view().of(jobs, name), "", part, () -> RunReport.of(board, name, jobs));
    }

    private void keep(Board.View view, String command, String part, Supplier<String> report) {
        if (view.jobs().isEmpty() && view.tasksEnded() == 0) return;
        Instant began = Instant.now().minusNanos(view.micros() * 1000);
        long process = ProcessHandle.current().pid();
        String id = "%s-%d-%d%s".formatted(BEGAN.format(began), process, view.id(), part);
        Path unfinished = history.directory().resolve("." + id + ".tmp");
        try {
            Files.createDirectories(unfinished);
            try {
                Files.writeString(unfinished.resolve(REPORT), report.get());
                Files.write(unfinished.resolve(FACTS), facts(view, program(view, command), began));
                Files.move(
                        unfinished,
                        history.directory().resolve(id),
                        StandardCopyOption.ATOMIC_MOVE);
            } finally {
                remove(unfinished);
            }
            prune();
        } catch (IOException e) {
            throw failed(
                    "what this run did can't be kept",
                    "see that the directory can be written, or keep nothing: QUIVER_HISTORY=never",
                    e);
        }
    }

    private static byte[] facts(Board.View view, String program, Instant began) {
        return BoardJson.bytes(json -> {
            json.writeStartObject();
            json.writeNumberField("version", 1);
            json.writeStringField("name", view.name());
            json.writeStringField("program", program);
            json.writeStringField("began", began.toString());
            json.writeNumberField("micros", view.micros());
            json.writeNumberField("queries", view.jobs().size());
            json.writeNumberField("tasksEnded", view.tasksEnded());
            json.writeNumberField("tasksFailed", view.tasksFailed());
            json.writeEndObject();
        });
    }

    private static String program(Board.View view, String command) {
        for (JobLine job : view.jobs()) {
            String place = job.what().place();
            int colon = place.lastIndexOf(':');
            if (!place.isEmpty()) return colon < 0 ? place : place.substring(0, colon);
        }
        return command;
    }

    /// What this process was called, and not with what: secrets may be among that.
    private static String command() {
        String command = System.getProperty("sun.java.command", "").split(" ", 2)[0];
        return command.substring(command.lastIndexOf('.') + 1);
    }

    /// All that are kept, the newest first. What can't be read is left out and told in the log.
    ///
    /// @throws QuiverException IO_FAILED when the directory can't be read
    List<KeptRun> runs() {
        var runs = new ArrayList<KeptRun>();
        try (Stream<Path> entries = Files.list(history.directory())) {
            for (Path entry : entries.toList()) {
                String id = String.valueOf(entry.getFileName());
                if (ID.matcher(id).matches()) read(entry, id).ifPresent(runs::add);
            }
        } catch (NoSuchFileException | NotDirectoryException e) {
            LOG.debug("no run has been kept yet", e);
            return List.of();
        } catch (IOException e) {
            throw failed("runs that were kept can't be read", "see that it can be read", e);
        }
        runs.sort(Comparator.comparing(KeptRun::began).reversed());
        return List.copyOf(runs);
    }

    /// The report of a run; empty when there is no such run, or not any more.
    Optional<byte[]> report(String id) {
        if (!ID.matcher(id).matches()) return Optional.empty();
        try {
            return Optional.of(Files.readAllBytes(history.directory().resolve(id).resolve(REPORT)));
        } catch (NoSuchFileException e) {
            LOG.debug("there is no run {}", id, e);
            return Optional.empty();
        } catch (IOException e) {
            throw failed("the report of run %s can't be read".formatted(id), "look at the file", e);
        }
    }

    private static Optional<KeptRun> read(Path directory, String id) {
        var told = new HashMap<String, String>();
        try (JsonParser json = JSON.createParser(directory.resolve(FACTS).toFile())) {
            while (json.nextToken() != null) {
                if (json.currentToken() == JsonToken.FIELD_NAME) {
                    String field = json.currentName();
                    json.nextToken();
                    told.put(field, json.getText());
                }
            }
            return Optional.of(
                    new KeptRun(
                            id,
                            text(told, "name"),
                            text(told, "program"),
                            Instant.parse(text(told, "began")),
                            Long.parseLong(text(told, "micros")),
                            Integer.parseInt(text(told, "queries")),
                            Long.parseLong(text(told, "tasksEnded")),
                            Long.parseLong(text(told, "tasksFailed")),
                            bytes(directory)));
        } catch (NoSuchFileException e) {
            LOG.debug("run {} has just been removed", id, e);
        } catch (IOException | DateTimeException | NumberFormatException e) {
            LOG.warn("{} can't be read and is left out: {}", directory, e.toString());
        }
        return Optional.empty();
    }

    private static String text(Map<String, String> told, String field) throws IOException {
        String value = told.get(field);
        if (value == null) throw new IOException("it has no field " + field);
        return value;
    }

    private static long bytes(Path directory) throws IOException {
        long bytes = 0;
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) bytes += Files.size(file);
        }
        return bytes;
    }

    private void prune() throws IOException {
        Instant oldest = Instant.now().minus(history.age());
        long left = history.bytes();
        for (KeptRun run : runs()) {
            left -= run.bytes();
            if (left < 0 || run.began().isBefore(oldest)) {
                remove(history.directory().resolve(run.id()));
            }
        }
    }

    /// Removes a directory of files, if it is there. Somebody else may be doing so.
    private static void remove(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) Files.deleteIfExists(file);
        } catch (NoSuchFileException e) {
            LOG.trace("{} isn't there", directory, e);
        }
        Files.deleteIfExists(directory);
    }

    private QuiverException failed(String what, String fix, IOException e) {
        String cause =
                e instanceof FileAlreadyExistsException ? "there is a file of that name" : "" + e;
        return new QuiverException(
                ErrorCode.IO_FAILED,
                what,
                List.of("directory: " + history.directory(), "cause: " + cause),
                fix,
                e);
    }
}
