package dev.quiver.worker.user.ship;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// A jar or directory of a client's class path, without its content. Itself a bundle.
sealed interface ClassPathElement {
    /// What errors call it: the file's name.
    String label();

    /// Whether it may have the resource, so that it is worth fetching.
    boolean mayHave(String resource);

    /// A jar.
    ///
    /// @param index folders with entries, and the names of service files and of files at the top:
    ///   nearly every jar has some there, so that the top says nothing
    record Jar(String label, StoredFile content, SortedSet<String> index)
            implements ClassPathElement {
        static final String SERVICES = "META-INF/services/";

        public Jar {
            index = new TreeSet<>(index);
        }

        @Override
        public boolean mayHave(String resource) {
            return index.contains(indexed(resource)) || index.contains(resource + "/");
        }

        /// What the index has of an entry.
        static String indexed(String entry) {
            if (entry.startsWith(SERVICES)) return entry;
            String name = entry.endsWith("/") ? entry.substring(0, entry.length() - 1) : entry;
            int slash = name.lastIndexOf('/');
            return slash < 0 ? name : name.substring(0, slash + 1);
        }
    }

    /// A directory of classes and resources.
    ///
    /// @param files by their path, with slashes
    /// @param leftOut paths of files that are too large to travel
    record Directory(String label, SortedMap<String, StoredFile> files, SortedSet<String> leftOut)
            implements ClassPathElement {
        public Directory {
            files = new TreeMap<>(files);
            leftOut = new TreeSet<>(leftOut);
        }

        @Override
        public boolean mayHave(String resource) {
            return files.containsKey(resource);
        }

        @Nullable StoredFile file(String resource) {
            return files.get(resource);
        }
    }

    /// The element as a bundle.
    default byte[] bytes() {
        return Wire.written(this::write);
    }

    private void write(DataOutput out) throws IOException {
        switch (this) {
            case Jar(var label, var content, var index) -> {
                out.writeByte('j');
                out.writeUTF(label);
                content.write(out);
                writeNames(out, index);
            }
            case Directory(var label, var files, var leftOut) -> {
                out.writeByte('d');
                out.writeUTF(label);
                out.writeInt(files.size());
                for (Map.Entry<String, StoredFile> file : files.entrySet()) {
                    out.writeUTF(file.getKey());
                    file.getValue().write(out);
                }
                writeNames(out, leftOut);
            }
        }
    }

    private static void writeNames(DataOutput out, Set<String> names) throws IOException {
        out.writeInt(names.size());
        for (String name : names) out.writeUTF(name);
    }

    /// @throws IOException when the bytes are no element
    static ClassPathElement of(byte[] bytes) throws IOException {
        return Wire.read(bytes, ClassPathElement::read);
    }

    private static ClassPathElement read(DataInput in) throws IOException {
        int kind = in.readByte();
        String label = in.readUTF();
        return switch (kind) {
            case 'j' -> new Jar(label, StoredFile.read(in), readNames(in));
            case 'd' -> {
                var files = new TreeMap<String, StoredFile>();
                int count = Wire.readCount(in, "files");
                for (int i = 0; i < count; i++) files.put(in.readUTF(), StoredFile.read(in));
                yield new Directory(label, files, readNames(in));
            }
            default ->
                    throw new IOException(
                            "an element of the class path of kind %d".formatted(kind));
        };
    }

    private static SortedSet<String> readNames(DataInput in) throws IOException {
        var names = new TreeSet<String>();
        int count = Wire.readCount(in, "names");
        for (int i = 0; i < count; i++) names.add(in.readUTF());
        return names;
    }
}
