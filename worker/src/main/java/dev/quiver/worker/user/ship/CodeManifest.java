package dev.quiver.worker.user.ship;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// What a closure or a value needs of the classes that were made in memory. Itself a bundle.
///
/// @param classes the hash of each class's bytes by the class's name (with dots)
/// @param variables what its code reads, in the order in which the values travel
record CodeManifest(SortedMap<String, BundleHash> classes, List<NotebookVariable> variables) {
    private static final int VERSION = 1;

    CodeManifest {
        classes = new TreeMap<>(classes);
        variables = List.copyOf(variables);
    }

    /// Whether what needs the other one needs nothing more than this one has.
    boolean covers(CodeManifest other) {
        if (!variables.containsAll(other.variables)) return false;
        for (var entry : other.classes.entrySet()) {
            if (!entry.getValue().equals(classes.get(entry.getKey()))) return false;
        }
        return true;
    }

    byte[] bytes() {
        return Wire.written(this::write);
    }

    static CodeManifest of(byte[] bytes) throws IOException {
        return Wire.read(bytes, CodeManifest::read);
    }

    private void write(DataOutput out) throws IOException {
        out.writeByte(VERSION);
        out.writeInt(classes.size());
        for (var entry : classes.entrySet()) {
            out.writeUTF(entry.getKey());
            Wire.write(out, entry.getValue());
        }
        out.writeInt(variables.size());
        for (NotebookVariable variable : variables) {
            out.writeUTF(variable.owner());
            out.writeUTF(variable.name());
        }
    }

    private static CodeManifest read(DataInput in) throws IOException {
        int version = in.readByte();
        if (version != VERSION)
            throw new IOException("a manifest of version %d".formatted(version));
        var classes = new TreeMap<String, BundleHash>();
        int classCount = Wire.readCount(in, "classes");
        for (int i = 0; i < classCount; i++) classes.put(in.readUTF(), Wire.readHash(in));
        var variables = new ArrayList<NotebookVariable>();
        int variableCount = Wire.readCount(in, "variables");
        for (int i = 0; i < variableCount; i++)
            variables.add(new NotebookVariable(in.readUTF(), in.readUTF()));
        return new CodeManifest(classes, variables);
    }
}
