package dev.quiver.cluster.fault;

import dev.quiver.dataframe.Fn;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// A task that takes a while and notes in a file that it runs.
record Noted(String file) implements Fn<Integer, Integer> {
    @Override
    public Integer apply(Integer item) throws Exception {
        Files.writeString(
                Path.of(file), item + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        Thread.sleep(50);
        return item * item;
    }
}
