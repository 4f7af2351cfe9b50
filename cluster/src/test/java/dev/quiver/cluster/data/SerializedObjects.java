package dev.quiver.cluster.data;

import dev.quiver.worker.server.ObjectCodec;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;

/// Objects by Java's own serialization, for values of classes that the workers have: numbers,
/// texts, collections, serializable records.
public final class SerializedObjects implements ObjectCodec {
    private final ClassLoader classes;

    /// @param classes where the classes of values are
    public SerializedObjects(ClassLoader classes) {
        this.classes = classes;
    }

    @Override
    public byte[] encode(int stage, Object value) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var out = new ObjectOutputStream(bytes)) {
            out.writeObject(value);
        }
        return bytes.toByteArray();
    }

    @Override
    public Object decode(int stage, byte[] bytes) throws IOException, ClassNotFoundException {
        try (var in =
                new ObjectInputStream(new ByteArrayInputStream(bytes)) {
                    @Override
                    protected Class<?> resolveClass(ObjectStreamClass type)
                            throws IOException, ClassNotFoundException {
                        try {
                            return Class.forName(type.getName(), false, classes);
                        } catch (ClassNotFoundException e) {
                            return super.resolveClass(type); // primitive types
                        }
                    }
                }) {
            return in.readObject();
        }
    }
}
