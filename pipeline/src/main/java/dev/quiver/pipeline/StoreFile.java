package dev.quiver.pipeline;

import dev.quiver.io.store.Stores;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A file that grows, in a store that knows only whole files: a folder with a file for each write.
///
/// Their names are `EPOCH-GENERATION-POSITION`. Those of the greatest epoch and generation that has
/// something at position 0 are the file; a replacement is a new generation, and who takes a folder
/// over writes the file anew under its own epoch before it adds to it. What others still write then
/// is never read.
final class StoreFile {
    private static final Pattern NAME = Pattern.compile("(\\d+)-(\\d+)-(\\d+)");
    private static final Comparator<Piece> NEWEST =
            Comparator.comparingLong(Piece::epoch).thenComparingLong(Piece::generation);

    private final Path folder;
    private final StoreHold hold;
    private long generation;

    /// Whether a replacement failed, so that it can't be told whether it is there.
    private boolean uncertain;

    StoreFile(Path folder, StoreHold hold) {
        this.folder = folder;
        this.hold = hold;
    }

    /// What one write wrote.
    private record Piece(long epoch, long generation, long position, Path path) {
        static Optional<Piece> of(Path path) {
            Matcher name = NAME.matcher(path.getFileName().toString());
            if (!name.matches()) return Optional.empty();
            return Optional.of(
                    new Piece(
                            Long.parseLong(name.group(1)),
                            Long.parseLong(name.group(2)),
                            Long.parseLong(name.group(3)),
                            path));
        }

        boolean isOf(Piece other) {
            return epoch == other.epoch && generation == other.generation;
        }
    }

    private List<Piece> pieces() {
        var pieces = new ArrayList<Piece>();
        for (Path path : Stores.list(folder + "/")) Piece.of(path).ifPresent(pieces::add);
        return pieces;
    }

    private static Optional<Piece> first(List<Piece> pieces) {
        return pieces.stream().filter(piece -> piece.position() == 0).max(NEWEST);
    }

    /// The whole file, which is this holder's from now on; empty when there is none.
    byte[] read() throws IOException {
        List<Piece> pieces = pieces();
        Optional<Piece> first = first(pieces);
        if (first.isEmpty()) return new byte[0];
        List<Piece> ours =
                pieces.stream()
                        .filter(first.get()::isOf)
                        .sorted(Comparator.comparingLong(Piece::position))
                        .toList();
        Map<Path, byte[]> contents = Stores.contents(ours.stream().map(Piece::path).toList());
        var bytes = new ByteArrayOutputStream();
        for (Piece piece : ours) {
            byte[] content = contents.getOrDefault(piece.path(), new byte[0]);
            if (piece.position() != bytes.size())
                throw new IOException(
                        "'%s' has nothing at byte %d".formatted(folder, bytes.size()));
            bytes.writeBytes(content);
        }
        byte[] whole = bytes.toByteArray();
        if (first.get().epoch() != hold.epoch()) replace(whole);
        return whole;
    }

    /// Puts bytes at a position, which becomes the end of the file behind them.
    void write(long position, byte[] bytes) throws IOException {
        if (uncertain)
            throw new IOException("'%s' was to be replaced, which failed".formatted(folder));
        if (bytes.length == 0) {
            replace(Arrays.copyOf(read(), Math.toIntExact(position)));
            return;
        }
        Stores.put(path(generation, position), bytes);
        hold.check();
    }

    private Path path(long of, long position) {
        return folder.resolve("%012d-%06d-%015d".formatted(hold.epoch(), of, position));
    }

    void replace(byte[] bytes) {
        uncertain = true;
        generation++;
        Path made = path(generation, 0);
        Stores.put(made, bytes);
        hold.check();
        var old = new ArrayList<Path>();
        for (Piece piece : pieces()) if (isOld(piece)) old.add(piece.path());
        Stores.delete(old);
        uncertain = false;
    }

    private boolean isOld(Piece piece) {
        return piece.epoch() < hold.epoch()
                || (piece.epoch() == hold.epoch() && piece.generation() < generation);
    }
}
