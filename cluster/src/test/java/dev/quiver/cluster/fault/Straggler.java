package dev.quiver.cluster.fault;

import dev.quiver.dataframe.Fn;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// A task that notes in a file that it runs. The first attempt at one item takes very long.
record Straggler(String file, int slow) implements Fn<Integer, Integer> {
    private static final String MARK = " takes long";

    @Override
    public Integer apply(Integer item) throws Exception {
        boolean first = item == slow && !Files.exists(Path.of(file + MARK));
        if (first) Files.createFile(Path.of(file + MARK));
        Files.writeString(
                Path.of(file),
                item + (first ? MARK : "") + "\n",
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
        if (first) Thread.sleep(600_000);
        return item * item;
    }
}
