package dev.quiver.pipeline;

import static dev.quiver.dataframe.Functions.col;
import static dev.quiver.dataframe.Functions.when;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.quiver.client.Session;
import dev.quiver.dataframe.DataFrame;
import dev.quiver.dataframe.Expr;
import dev.quiver.error.ColumnNotFound;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.schema.DataType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// One run of an erasure: it looks into all files first, and only then changes any.
final class ErasureExecution {
    private static final String RAW = "raw";

    /// What tables of Delta Lake and Hudi have in their directories.
    private static final Set<String> LOGS = Set.of("_delta_log", ".hoodie");

    private final Path target;
    private final ErasedKeys keys;
    private final List<Path> quarantines;
    private final Optional<AuditLog> audit;
    private final Session session;
    private final Surroundings surroundings;
    private final Disk disk;

    /// By the type that the column has, which may be another in each file.
    private final Map<DataType, Expr> conditions = new HashMap<>();

    ErasureExecution(
            Path target,
            ErasedKeys keys,
            List<Path> quarantines,
            Optional<AuditLog> audit,
            Session session,
            Surroundings surroundings) {
        this.target = target;
        this.keys = keys;
        this.quarantines = quarantines;
        this.audit = audit;
        this.session = session;
        this.surroundings = surroundings;
        this.disk = surroundings.disk();
    }

    /// What becomes of a file.
    ///
    /// @param found how many rows have one of the keys
    /// @param rest what the file has afterwards; empty when it goes
    /// @param rows how many these are
    private record Change(
            OutputFile file,
            OutputFile.Version version,
            long found,
            Optional<DataFrame> rest,
            long rows) {}

    /// All changes.
    private record Changes(List<Change> data, List<Change> quarantined, int filesRead) {
        Erased erased() {
            return new Erased(
                    found(data),
                    data.stream().map(change -> change.file().path()).toList(),
                    filesRead,
                    found(quarantined));
        }

        private static long found(List<Change> changes) {
            return changes.stream().mapToLong(Change::found).sum();
        }
    }

    /// Counts what would be deleted.
    Erased count() {
        try {
            places();
            return find().erased();
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /// Deletes it.
    Erased run() {
        try (var locks = new Locks()) {
            Set<Path> places = places();
            for (Path room : rooms(places)) locks.add(ErasureLock.take(room));
            for (Path place : places) {
                checkVisible(place);
                sweep(place);
            }
            Changes changes = find();
            log("erases", changes);
            for (Change change : changes.data()) apply(change);
            for (Change change : changes.quarantined()) apply(change);
            for (Path place : places) checkVisible(place);
            log("erased", changes);
            return changes.erased();
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /// The locks of all places.
    private static final class Locks implements AutoCloseable {
        private final List<ErasureLock> taken = new ArrayList<>();

        void add(ErasureLock lock) {
            taken.add(lock);
        }

        @Override
        public void close() throws IOException {
            if (taken.isEmpty()) return;
            try (ErasureLock _ = taken.removeLast()) {
                close();
            }
        }
    }

    private Set<Path> places() throws IOException {
        var places = new LinkedHashSet<Path>();
        places.add(target);
        places.addAll(quarantines);
        for (Path place : places) if (!Files.exists(place)) throw absent(place);
        return places;
    }

    private static Set<Path> rooms(Set<Path> places) {
        var rooms = new LinkedHashSet<Path>();
        for (Path place : places) rooms.add(room(place));
        return rooms;
    }

    /// The directory of a place, which may be a file.
    private static Path room(Path place) {
        return Files.isDirectory(place) ? place : LocalDisk.parent(place);
    }

    private static QuiverException absent(Path place) {
        return new QuiverException(
                ErrorCode.FILE_NOT_FOUND,
                "there is no '%s'".formatted(place),
                List.of(),
                "name the directory or file that rows were written to");
    }

    private QuiverException failed(IOException cause) {
        return new QuiverException(
                ErrorCode.IO_FAILED,
                "can't delete keys from '%s': %s".formatted(target, cause),
                List.of("files that were done stay so, all others are as they were"),
                "check the permissions and the space on its disk, then run it again",
                cause);
    }

    /// Refuses a directory beside which rows wait that appear later: the keys may be among them.
    private static void checkVisible(Path place) throws IOException {
        String begin = ".%s.quiver-".formatted(place.getFileName());
        try (Stream<Path> beside = Files.list(LocalDisk.parent(place))) {
            Optional<Path> waiting =
                    beside.filter(path -> String.valueOf(path.getFileName()).startsWith(begin))
                            .findFirst();
            if (waiting.isEmpty()) return;
            throw new QuiverException(
                    ErrorCode.PLAN_INVALID,
                    "a write into '%s' didn't end, and its rows may have the keys".formatted(place),
                    List.of("waiting: " + waiting.get()),
                    "let the pipeline's run end, or give it up with giveUp(); delete what a write"
                            + " left that was killed, and run the erasure again");
        }
    }

    /// Deletes what a killed erasure left.
    private void sweep(Path place) throws IOException {
        if (!Files.isDirectory(place)) {
            for (Path path : OutputFile.left(disk, place)) disk.delete(path);
            return;
        }
        for (Path path : below(place)) if (OutputFile.isLeft(path)) disk.delete(path);
    }

    /// A place and all that is in it, sorted.
    private static List<Path> below(Path place) throws IOException {
        try (Stream<Path> all = Files.walk(place)) {
            return all.sorted().toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private List<OutputFile> files(Path place) throws IOException {
        var files = new ArrayList<OutputFile>();
        for (Path path : below(place)) {
            if (LOGS.contains(String.valueOf(path.getFileName()))) throw logged(path);
            if (!isVisible(place.relativize(path))) continue;
            if (Files.isSymbolicLink(path)) throw linked(path);
            if (Files.isRegularFile(path) && Files.size(path) > 0)
                files.add(OutputFile.of(path, session));
        }
        return files;
    }

    /// Its log tells sizes of files, and keeps old ones.
    private static QuiverException logged(Path log) {
        return new QuiverException(
                ErrorCode.UNSUPPORTED,
                "'%s' is the log of a table, so keys can't be deleted from its files"
                        .formatted(log),
                List.of(),
                "delete the rows with what wrote the table, and have it forget older versions");
    }

    /// What it leads to would keep the rows.
    private static QuiverException linked(Path path) {
        return new QuiverException(
                ErrorCode.UNSUPPORTED,
                "'%s' is a link, so keys can't be deleted from it".formatted(path),
                List.of(),
                "name the directory or file that it leads to");
    }

    private static boolean isVisible(Path relative) {
        for (Path part : relative) {
            String name = part.toString();
            if (name.startsWith(".") || name.startsWith("_")) return false;
        }
        return true;
    }

    private Changes find() throws IOException {
        List<OutputFile> files = files(target);
        var data = new ArrayList<Change>();
        boolean isColumn = false;
        for (OutputFile file : files) {
            Optional<DataType> type = file.type(keys.column());
            isColumn |= type.isPresent() || file.folders().containsKey(keys.column());
            change(file, type).ifPresent(data::add);
        }
        if (!isColumn && !files.isEmpty())
            throw new ColumnNotFound(
                    keys.column(), target.toString(), files.getFirst().rows().schema().names());
        var quarantined = new ArrayList<Change>();
        int read = files.size();
        for (Path place : quarantines) {
            List<OutputFile> kept = files(place);
            for (OutputFile file : kept) withoutText(file).ifPresent(quarantined::add);
            read += kept.size();
        }
        return new Changes(data, quarantined, read);
    }

    private Optional<Change> change(OutputFile file, Optional<DataType> type) throws IOException {
        OutputFile.Version version = file.version();
        if (type.isEmpty()) {
            String folder = file.folders().get(keys.column());
            if (folder == null || !keys.hasText(folder)) return Optional.empty();
            return Optional.of(new Change(file, version, file.rows().count(), Optional.empty(), 0));
        }
        Expr condition =
                conditions.computeIfAbsent(type.get(), known -> keys.condition(known, session));
        long found = file.rows().filter(condition).count();
        if (found == 0) return Optional.empty();
        DataFrame rest = file.rows().filter(condition.not().or(col(keys.column()).isNull()));
        long rows = file.rows().count() - found;
        return Optional.of(new Change(file, version, found, Optional.of(rest), rows));
    }

    private Optional<Change> withoutText(OutputFile file) throws IOException {
        if (file.type(RAW).isEmpty())
            throw new QuiverException(
                    ErrorCode.ARGUMENT_INVALID,
                    "'%s' is no file of a quarantine".formatted(file.path()),
                    List.of("it has no column 'raw'"),
                    "name the directory that the gate has as its quarantine");
        OutputFile.Version version = file.version();
        Expr condition = keys.inText(col(RAW));
        long found = file.rows().filter(condition).count();
        if (found == 0) return Optional.empty();
        DataFrame rest =
                file.rows().withColumn(RAW, when(condition.not()).then(col(RAW)).otherwiseNull());
        return Optional.of(
                new Change(file, version, found, Optional.of(rest), file.rows().count()));
    }

    private void apply(Change change) throws IOException {
        OutputFile file = change.file();
        if (change.rest().isEmpty()) {
            if (!file.version().equals(change.version())) throw file.changed("it is another file");
            remove(file.path());
            return;
        }
        try {
            Path beside = file.writeBeside(change.rest().get(), change.rows());
            disk.force(beside);
            if (!file.version().equals(change.version())) throw file.changed("it is another file");
            // Before the file: where it is gone, nobody compares it.
            if (Files.exists(file.checksum())) disk.delete(file.checksum());
            disk.move(beside, file.path());
            disk.forceDirectory(LocalDisk.parent(file.path()));
        } catch (IOException | RuntimeException e) {
            clear(file, e);
            throw e;
        }
    }

    /// Deletes the rows that were to take a file's place.
    private void clear(OutputFile file, Exception failure) {
        try {
            for (Path path : OutputFile.left(disk, file.path())) disk.delete(path);
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    /// Deletes a file, and the folders that are empty without it.
    private void remove(Path file) throws IOException {
        disk.delete(file);
        Path folder = LocalDisk.parent(file);
        while (!folder.equals(room(target)) && isEmpty(folder)) {
            disk.delete(folder);
            folder = LocalDisk.parent(folder);
        }
        disk.forceDirectory(folder);
    }

    private static boolean isEmpty(Path folder) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.findAny().isEmpty();
        }
    }

    private void log(String word, Changes changes) {
        if (audit.isEmpty()) return;
        String now = surroundings.clock().instant().toString();
        String shown = OutputFile.without(target, keys.column());
        audit.get()
                .add(
                        new AuditLog.Event(word, "target", shown, "", now),
                        json -> {
                            json.writeStringField("column", keys.column());
                            json.writeNumberField("keys", keys.values().size());
                            files(json, "files", changes.data());
                            files(json, "quarantine", changes.quarantined());
                        });
    }

    private void files(JsonGenerator json, String name, List<Change> changes) throws IOException {
        json.writeArrayFieldStart(name);
        for (Change change : changes) {
            json.writeStartObject();
            json.writeStringField("file", OutputFile.without(change.file().path(), keys.column()));
            json.writeNumberField("rows", change.found());
            json.writeEndObject();
        }
        json.writeEndArray();
    }
}
