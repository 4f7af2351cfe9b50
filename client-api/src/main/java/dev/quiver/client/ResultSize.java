package dev.quiver.client;

import dev.quiver.columnar.Chunk;
import dev.quiver.dataframe.DataFrame;
import dev.quiver.dataframe.QFuture;
import dev.quiver.dataframe.Table;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Modifier;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.Buffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.ConcurrentModificationException;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.RandomAccess;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// About how many bytes of the heap an object keeps alive. An estimate that costs little:
///
/// - numbers, texts and arrays of primitives by their length;
/// - arrays and the JDK's collections by [#SAMPLE] of their elements, records and other classes of
///   the user's by their fields, what is shared once;
/// - other objects of the JDK [#OPAQUE] bytes each, tables and frames as much, since their chunks
///   are counted where they are;
/// - after [#OBJECTS_MAX] objects what follows counts as nothing.
final class ResultSize {
    /// So many elements of a collection stand for all.
    static final int SAMPLE = 100;

    /// An object whose inside isn't looked at.
    static final long OPAQUE = 64;

    static final int OBJECTS_MAX = 10_000;
    private static final int DEPTH_MAX = 64;
    private static final long HEADER = 16;
    private static final long BOXED = 24;
    private static final long TEXT = 48;
    private static final long REFERENCE = 8;
    private static final long ENTRY = 48;

    /// The fields of a class that hold references, and the bytes of the object itself.
    private record Shape(List<Field> references, long bytes) {
        Shape {
            references = List.copyOf(references);
        }
    }

    private static final ClassValue<Shape> SHAPES =
            new ClassValue<>() {
                @Override
                protected Shape computeValue(Class<?> type) {
                    return shape(type);
                }
            };

    private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());

    private ResultSize() {}

    /// Bytes, about.
    static long of(@Nullable Object value) {
        long plain = plain(value);
        return plain >= 0 ? plain : new ResultSize().deep(value, 0);
    }

    /// Bytes of an object without references; negative for others.
    private static long plain(@Nullable Object value) {
        if (value == null || value instanceof Enum<?> || value instanceof Class<?>) return 0;
        if (value instanceof String text) return TEXT + text.length();
        if (value instanceof BigDecimal || value instanceof BigInteger) return OPAQUE;
        if (value instanceof Number || value instanceof Boolean || value instanceof Character)
            return BOXED;
        if (value instanceof Packed packed) return OPAQUE + packed.size();
        return -1;
    }

    private long deep(@Nullable Object value, int depth) {
        long plain = plain(value);
        if (plain >= 0 || value == null) return Math.max(0, plain);
        if (depth > DEPTH_MAX || seen.size() >= OBJECTS_MAX || !seen.add(value)) return 0;
        Class<?> type = value.getClass();
        if (type.isArray()) return array(value, type.getComponentType(), depth);
        if (value instanceof Buffer buffer)
            return OPAQUE + (long) buffer.capacity() * Long.BYTES / longShare(buffer);
        if (value instanceof MemorySegment segment) return OPAQUE + segment.byteSize();
        if (value instanceof Table
                || value instanceof DataFrame
                || value instanceof QFuture<?>
                || value instanceof Session
                || value instanceof Chunk) return OPAQUE;
        if (type.getClassLoader() == null) return ofJdk(value, depth);
        return fields(value, type, depth);
    }

    /// How many of a buffer's elements have the bytes of a long.
    private static int longShare(Buffer buffer) {
        return switch (buffer) {
            case java.nio.ByteBuffer _ -> 8;
            case java.nio.CharBuffer _, java.nio.ShortBuffer _ -> 4;
            case java.nio.IntBuffer _, java.nio.FloatBuffer _ -> 2;
            default -> 1;
        };
    }

    private long array(Object array, Class<?> element, int depth) {
        int length = Array.getLength(array);
        if (element.isPrimitive()) return HEADER + (long) length * width(element);
        var objects = (@Nullable Object[]) array;
        long sum = 0;
        int step = Math.max(1, length / SAMPLE);
        int looked = 0;
        for (int i = 0; i < length; i += step, looked++) sum += deep(objects[i], depth + 1);
        return HEADER + (long) length * REFERENCE + scaled(sum, looked, length);
    }

    private static int width(Class<?> primitive) {
        if (primitive == long.class || primitive == double.class) return 8;
        if (primitive == int.class || primitive == float.class) return 4;
        return primitive == short.class || primitive == char.class ? 2 : 1;
    }

    private static long scaled(long sum, int looked, int length) {
        return looked == 0 ? 0 : (long) ((double) sum / looked * length);
    }

    private long ofJdk(Object value, int depth) {
        try {
            return switch (value) {
                case List<?> list when value instanceof RandomAccess -> list(list, depth);
                case Collection<?> collection -> elements(collection, depth);
                case Map<?, ?> map -> entries(map, depth);
                case Optional<?> optional -> HEADER + deep(optional.orElse(null), depth + 1);
                default -> OPAQUE;
            };
        } catch (ConcurrentModificationException e) {
            return OPAQUE; // a task of the user's goes on changing what it returned
        }
    }

    private long list(List<?> list, int depth) {
        int size = list.size();
        long sum = 0;
        int step = Math.max(1, size / SAMPLE);
        int looked = 0;
        for (int i = 0; i < size; i += step, looked++) sum += deep(list.get(i), depth + 1);
        return OPAQUE + (long) size * REFERENCE + scaled(sum, looked, size);
    }

    private long elements(Collection<?> collection, int depth) {
        long sum = 0;
        int looked = 0;
        for (Iterator<?> i = collection.iterator(); looked < SAMPLE && i.hasNext(); looked++)
            sum += deep(i.next(), depth + 1);
        int size = collection.size();
        return OPAQUE + (long) size * ENTRY + scaled(sum, looked, size);
    }

    private long entries(Map<?, ?> map, int depth) {
        long sum = 0;
        int looked = 0;
        var entries = map.entrySet().iterator();
        for (; looked < SAMPLE && entries.hasNext(); looked++) {
            Map.Entry<?, ?> entry = entries.next();
            sum += deep(entry.getKey(), depth + 1) + deep(entry.getValue(), depth + 1);
        }
        return OPAQUE + (long) map.size() * ENTRY + scaled(sum, looked, map.size());
    }

    private long fields(Object value, Class<?> type, int depth) {
        Shape shape = SHAPES.get(type);
        long bytes = shape.bytes();
        for (Field field : shape.references()) {
            try {
                bytes += deep(field.get(value), depth + 1);
            } catch (IllegalAccessException e) {
                throw new IllegalStateException("a field that was made accessible", e);
            }
        }
        return bytes;
    }

    private static Shape shape(Class<?> type) {
        var references = new ArrayList<Field>();
        long bytes = HEADER;
        for (Class<?> c = type; c != null; c = c.getSuperclass()) {
            for (Field field : c.getDeclaredFields()) {
                if (Modifier.isStatic(field.getModifiers())) continue;
                Class<?> holds = field.getType();
                bytes += holds.isPrimitive() ? width(holds) : REFERENCE;
                if (!holds.isPrimitive() && isAccessible(field)) references.add(field);
            }
        }
        return new Shape(references, bytes);
    }

    private static boolean isAccessible(Field field) {
        try {
            field.setAccessible(true);
            return true;
        } catch (InaccessibleObjectException e) {
            return false; // of a class whose module is closed: its inside isn't counted
        }
    }
}
