package dev.quiver.pipeline.history;

import dev.quiver.io.store.Stores;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// A log in a store that knows only whole files: a folder with a file for each object, named by its
/// time.
final class StoreLog implements JsonLog {
    private static final int FILES_MAX = 5_000;
    private static final String UNTIL_THE_END_OF_NAMES = "~";

    private final Path folder;

    StoreLog(Path folder) {
        this.folder = folder;
    }

    @Override
    public void append(Map<String, ?> object) {
        String name = "%s-%s".formatted(stem(JsonLog.at(object)), UUID.randomUUID());
        Stores.put(folder.resolve(name), JsonLog.line(object));
    }

    private static String stem(Instant at) {
        return "%015d".formatted(at.toEpochMilli());
    }

    private List<Path> files() {
        return Stores.list(folder + "/").stream().sorted().toList();
    }

    @Override
    public List<Map<String, Object>> read() {
        List<Path> files = files();
        Map<Path, byte[]> contents = Stores.contents(files);
        var objects = new ArrayList<Map<String, Object>>();
        for (Path file : files)
            objects.addAll(JsonLog.objects(contents.getOrDefault(file, new byte[0]), file));
        return objects;
    }

    @Override
    public void trim(Instant oldest, long bytesMax) {
        String first = stem(oldest) + UNTIL_THE_END_OF_NAMES;
        List<Path> files = files();
        int filesMax = Math.toIntExact(Math.clamp(bytesMax / 1024, 1, FILES_MAX));
        List<Path> old = new ArrayList<>();
        for (int i = 0; i < files.size(); i++) {
            boolean isOld = String.valueOf(files.get(i).getFileName()).compareTo(first) < 0;
            if (isOld || files.size() - i > filesMax) old.add(files.get(i));
        }
        if (!old.isEmpty()) Stores.delete(old);
    }
}
