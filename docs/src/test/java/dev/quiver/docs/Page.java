package dev.quiver.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// A page of markdown: its fenced blocks, in order.
///
/// @param lines all lines of the page
record Page(Path file, List<String> lines, List<Block> blocks) {

    /// A fenced block.
    ///
    /// @param language the word behind the fence, such as `java`
    /// @param first the index of its first line within the page
    /// @param count how many lines it has, fences apart
    record Block(String language, int first, int count) {}

    static Page read(Path file) {
        try {
            List<String> lines = Files.readAllLines(file);
            var blocks = new ArrayList<Block>();
            for (int i = 0; i < lines.size(); i++) {
                if (!lines.get(i).startsWith("```")) continue;
                int end = i + 1;
                while (!lines.get(end).equals("```")) end++;
                blocks.add(new Block(lines.get(i).substring(3), i + 1, end - i - 1));
                i = end;
            }
            return new Page(file, List.copyOf(lines), List.copyOf(blocks));
        } catch (IOException e) {
            throw new UncheckedIOException("reading " + file, e);
        }
    }

    String text(Block block) {
        return String.join("\n", lines.subList(block.first(), block.first() + block.count()));
    }

    /// The file's name without its ending.
    String name() {
        return Objects.requireNonNull(file.getFileName()).toString().replaceFirst("\\.md$", "");
    }

    /// What the page says that a block of Java prints: the block of text right behind it, or
    /// nothing.
    String printedBy(Block java) {
        int index = blocks.indexOf(java) + 1;
        boolean isOutput =
                index < blocks.size()
                        && blocks.get(index).language().equals("text")
                        && blocks.get(index).first() <= java.first() + java.count() + 3;
        return isOutput ? text(blocks.get(index)) : "";
    }

    /// This page with an output behind each block of Java that prints something.
    String withOutputs(List<Block> javas, List<String> outputs) {
        var text = new ArrayList<String>();
        int next = 0;
        for (int i = 0; i < javas.size(); i++) {
            Block block = javas.get(i);
            int end = block.first() + block.count() + 1;
            text.addAll(lines.subList(next, end));
            next = end;
            if (!printedBy(block).isEmpty()) {
                Block old = blocks.get(blocks.indexOf(block) + 1);
                next = old.first() + old.count() + 1;
            }
            if (!outputs.get(i).isEmpty()) {
                text.addAll(List.of("", "```text", outputs.get(i), "```"));
            }
        }
        text.addAll(lines.subList(next, lines.size()));
        return String.join("\n", text) + "\n";
    }
}
