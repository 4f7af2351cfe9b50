package dev.quiver.worker.user;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.KryoException;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.io.OutputStream;

/// Writes an object the way its class says by `writeObject` and its like, with the JDK's own
/// serialisation.
final class SerialForm extends Serializer<Object> {
    @Override
    public void write(Kryo kryo, Output output, Object object) {
        var bytes = new ByteArrayOutputStream();
        try (var objects = new Noting(bytes, (TravelRules) kryo.getClassResolver())) {
            objects.writeObject(object);
        } catch (IOException e) {
            throw new KryoException(reason(e), e);
        }
        output.writeVarInt(bytes.size(), true);
        output.writeBytes(bytes.toByteArray());
    }

    @Override
    public Object read(Kryo kryo, Input input, Class<? extends Object> type) {
        byte[] bytes = input.readBytes(input.readVarInt(true));
        try (var objects = new Resolving(new ByteArrayInputStream(bytes), kryo.getClassLoader())) {
            return objects.readObject();
        } catch (IOException | ClassNotFoundException e) {
            throw new KryoException(
                    "an object of %s can't be read".formatted(type.getTypeName()), e);
        }
    }

    private static String reason(IOException problem) {
        return problem instanceof java.io.NotSerializableException
                ? "%s is not Serializable".formatted(problem.getMessage())
                : problem.toString();
    }

    private static final class Noting extends ObjectOutputStream {
        private final TravelRules rules;

        Noting(OutputStream bytes, TravelRules rules) throws IOException {
            super(bytes);
            this.rules = rules;
        }

        @Override
        protected void annotateClass(Class<?> type) {
            rules.met(type);
        }
    }

    private static final class Resolving extends ObjectInputStream {
        private final ClassLoader loader;

        Resolving(InputStream bytes, ClassLoader loader) throws IOException {
            super(bytes);
            this.loader = loader;
        }

        @Override
        protected Class<?> resolveClass(ObjectStreamClass type)
                throws IOException, ClassNotFoundException {
            try {
                return Class.forName(type.getName(), false, loader);
            } catch (ClassNotFoundException e) {
                return super.resolveClass(type); // primitives, which have no loader
            }
        }
    }
}
