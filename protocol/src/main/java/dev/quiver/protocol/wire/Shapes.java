package dev.quiver.protocol.wire;

import dev.quiver.graph.Edges;
import dev.quiver.graph.TaskKey;
import dev.quiver.operator.Bytes;
import dev.quiver.operator.Database;
import java.io.Serializable;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.TypeVariable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Finds the shapes of types by reflection, and describes them.
final class Shapes {
    /// Changes whenever numbers, texts, lists or the like are written another way.
    private static final String FORMAT = "format 1";

    private final Foreign foreign;
    private final Map<Class<?>, Later> known = new HashMap<>();
    private final SortedSet<String> descriptions = new TreeSet<>();

    Shapes(Foreign foreign) {
        this.foreign = foreign;
        descriptions.add(FORMAT);
        descriptions.add("values are " + ScalarShape.description());
    }

    /// What all these shapes are, as text: equal for equal formats.
    String description() {
        return String.join("\n", descriptions);
    }

    /// The shape of a type that may hold values of its own type.
    private static final class Later implements Shape {
        private @Nullable Shape shape;

        private Shape shape() {
            if (shape == null) throw new IllegalStateException("not found yet");
            return shape;
        }

        @Override
        public void write(Object value, WireOutput out) {
            out.enter();
            shape().write(value, out);
            out.leave();
        }

        @Override
        public Object read(WireInput in) {
            in.enter();
            Object value = shape().read(in);
            in.leave();
            return value;
        }
    }

    /// The shape of a record, a sealed interface of records, an enum, or a type that stands in
    /// their components.
    Shape of(Class<?> type) {
        Optional<Shape> simple = simple(type);
        if (simple.isPresent()) return simple.get();
        Later there = known.get(type);
        if (there != null) return there;
        var later = new Later();
        known.put(type, later);
        if (type.isEnum()) later.shape = enumShape(type);
        else if (type.isRecord()) later.shape = recordShape(type);
        else if (type.isSealed()) later.shape = sealedShape(type);
        else if (type == Edges.class) later.shape = edges();
        else if (type == Database.class) later.shape = database();
        else if (type == Bytes.class) later.shape = bytes();
        else throw new IllegalArgumentException("no form as bytes: " + type.getName());
        return later;
    }

    private void describe(Class<?> type, String what) {
        descriptions.add(type.getName() + " " + what);
    }

    /// A shape of two functions.
    private record Pair(Writer writer, Function<WireInput, Object> reader) implements Shape {
        private interface Writer {
            void write(Object value, WireOutput out);
        }

        @Override
        public void write(Object value, WireOutput out) {
            writer.write(value, out);
        }

        @Override
        public Object read(WireInput in) {
            return reader.apply(in);
        }
    }

    private Optional<Shape> simple(Class<?> type) {
        if (type == int.class || type == Integer.class)
            return Optional.of(new Pair((v, out) -> out.putLong((Integer) v), WireInput::takeInt));
        if (type == long.class || type == Long.class)
            return Optional.of(new Pair((v, out) -> out.putLong((Long) v), WireInput::takeLong));
        if (type == boolean.class || type == Boolean.class)
            return Optional.of(
                    new Pair((v, out) -> out.putByte((Boolean) v ? 1 : 0), WireInput::takeBoolean));
        if (type == char.class || type == Character.class)
            return Optional.of(
                    new Pair(
                            (v, out) -> out.putUnsigned((Character) v),
                            in -> (char) in.takeIndex(Character.MAX_VALUE + 1)));
        if (type == double.class || type == Double.class)
            return Optional.of(
                    new Pair(
                            (v, out) -> out.putFixed(Double.doubleToRawLongBits((Double) v)),
                            in -> Double.longBitsToDouble(in.takeFixed())));
        if (type == String.class)
            return Optional.of(new Pair((v, out) -> out.putText((String) v), WireInput::takeText));
        if (type == Object.class) return Optional.of(new ScalarShape(foreign));
        boolean isForeign = type == Class.class || type == Serializable.class;
        if (isForeign || isUsers(type))
            return Optional.of(
                    new Pair(
                            (v, out) -> out.putBytes(foreign.write(v)),
                            in -> checked(type, foreign.read(in.takeBytes()), in)));
        return Optional.empty();
    }

    /// Interfaces that users' code implements.
    private static boolean isUsers(Class<?> type) {
        return type.isInterface() && !type.isSealed();
    }

    private static Object checked(Class<?> type, Object value, WireInput in) {
        if (type.isInstance(value)) return value;
        throw in.malformed("a foreign value is no " + type.getName());
    }

    private Shape enumShape(Class<?> type) {
        Object[] constants = type.getEnumConstants();
        describe(type, Arrays.toString(constants));
        List<?> ordered = List.of(constants);
        return new Pair(
                (v, out) -> out.putUnsigned(ordered.indexOf(v)),
                in -> constants[in.takeIndex(constants.length)]);
    }

    private Shape sealedShape(Class<?> type) {
        var kinds = new LinkedHashSet<Class<?>>();
        flatten(type, kinds);
        List<Class<?>> ordered =
                kinds.stream().sorted(Comparator.comparing(Class::getName)).toList();
        describe(type, "one of " + ordered.stream().map(Class::getName).toList());
        var indexes = new LinkedHashMap<Class<?>, Integer>();
        for (Class<?> kind : ordered) indexes.put(kind, indexes.size());
        List<Shape> shapes = ordered.stream().map(this::of).toList();
        return new Pair(
                (value, out) -> {
                    Integer index = indexes.get(declared(value));
                    if (index == null)
                        throw new IllegalArgumentException(
                                "%s is no %s".formatted(value, type.getName()));
                    out.putUnsigned(index);
                    shapes.get(index).write(value, out);
                },
                in -> shapes.get(in.takeIndex(shapes.size())).read(in));
    }

    /// The class of a value; of an enum's constant the enum.
    private static Class<?> declared(Object value) {
        return value instanceof Enum<?> constant ? constant.getDeclaringClass() : value.getClass();
    }

    private static void flatten(Class<?> type, Set<Class<?>> kinds) {
        if (!type.isSealed() || type.isEnum()) {
            kinds.add(type);
            return;
        }
        for (Class<?> kind : type.getPermittedSubclasses()) flatten(kind, kinds);
    }

    private Shape recordShape(Class<?> type) {
        var names = new ArrayList<String>();
        var components = new ArrayList<Shape>();
        for (RecordComponent component : type.getRecordComponents()) {
            AnnotatedType declared = component.getAnnotatedType();
            names.add(component.getName() + ":" + declared);
            components.add(of(declared, type));
        }
        describe(type, names.toString());
        return new RecordShape(type.asSubclass(Record.class), components);
    }

    private Shape of(AnnotatedType type, Class<?> holder) {
        Shape shape = present(type, holder);
        return type.isAnnotationPresent(Nullable.class) ? new Maybe(shape) : shape;
    }

    /// A value that may be null.
    private record Maybe(Shape shape) implements Shape {
        @Override
        public void write(@Nullable Object value, WireOutput out) {
            out.putByte(value == null ? 0 : 1);
            if (value != null) shape.write(value, out);
        }

        @Override
        @SuppressWarnings("NullAway") // who asks for a nullable component expects null
        public Object read(WireInput in) {
            return in.takeBoolean() ? shape.read(in) : null;
        }
    }

    private Shape present(AnnotatedType type, Class<?> holder) {
        if (type.getType() instanceof Class<?> plain) return of(plain);
        if (type instanceof AnnotatedParameterizedType generic) {
            var raw =
                    (Class<?>) ((java.lang.reflect.ParameterizedType) type.getType()).getRawType();
            AnnotatedType[] arguments = generic.getAnnotatedActualTypeArguments();
            if (raw == Class.class) return of(Class.class);
            if (raw == List.class) return list(of(arguments[0], holder));
            if (raw == Set.class) return set(of(arguments[0], holder));
            if (raw == Optional.class) return optional(of(arguments[0], holder));
            if (raw == Map.class) return map(of(arguments[0], holder), of(arguments[1], holder));
        }
        String what = type.getType() instanceof TypeVariable<?> ? "a type variable" : "" + type;
        throw new IllegalArgumentException(
                "no form as bytes: %s in %s".formatted(what, holder.getName()));
    }

    private static Shape list(Shape element) {
        return new Pair(
                (value, out) -> {
                    var list = (List<?>) value;
                    out.putUnsigned(list.size());
                    for (Object each : list) element.write(each, out);
                },
                in -> {
                    int count = in.takeCount();
                    var list = new ArrayList<Object>();
                    for (int i = 0; i < count; i++) list.add(element.read(in));
                    return list;
                });
    }

    private static Shape set(Shape element) {
        return new Pair(
                (value, out) -> {
                    var set = (Set<?>) value;
                    out.putUnsigned(set.size());
                    for (Object each : set) element.write(each, out);
                },
                in -> {
                    int count = in.takeCount();
                    var set = new LinkedHashSet<Object>();
                    for (int i = 0; i < count; i++)
                        if (!set.add(element.read(in)))
                            throw in.malformed("a value twice in a set");
                    return set;
                });
    }

    private static Shape map(Shape key, Shape value) {
        return new Pair(
                (object, out) -> {
                    var map = (Map<?, ?>) object;
                    out.putUnsigned(map.size());
                    map.forEach((k, v) -> {
                        key.write(k, out);
                        value.write(v, out);
                    });
                },
                in -> {
                    int count = in.takeCount();
                    var map = new LinkedHashMap<Object, Object>();
                    for (int i = 0; i < count; i++) {
                        Object k = key.read(in);
                        if (map.put(k, value.read(in)) != null)
                            throw in.malformed("a key twice in a map");
                    }
                    return map;
                });
    }

    private static Shape optional(Shape element) {
        return new Pair(
                (value, out) -> {
                    var optional = (Optional<?>) value;
                    out.putByte(optional.isPresent() ? 1 : 0);
                    optional.ifPresent(present -> element.write(present, out));
                },
                in -> in.takeBoolean() ? Optional.of(element.read(in)) : Optional.empty());
    }

    private Shape edges() {
        describe(Edges.class, "rows of inputs");
        return new Pair(
                (value, out) -> {
                    var edges = (Edges) value;
                    out.putUnsigned(edges.rowCount());
                    for (int row = 0; row < edges.rowCount(); row++) {
                        out.putUnsigned(edges.inputCount(row));
                        for (int i = 0; i < edges.inputCount(row); i++) {
                            long key = edges.input(row, i);
                            out.putUnsigned(TaskKey.stageOf(key));
                            out.putUnsigned(TaskKey.partitionOf(key));
                        }
                    }
                },
                in -> {
                    Edges.Builder edges = Edges.builder();
                    int rows = in.takeCount();
                    for (int row = 0; row < rows; row++) {
                        int inputs = in.takeCount();
                        for (int i = 0; i < inputs; i++)
                            edges.input(
                                    in.takeIndex(Integer.MAX_VALUE),
                                    in.takeIndex(Integer.MAX_VALUE));
                        edges.endRow();
                    }
                    return edges.build();
                });
    }

    private Shape database() {
        describe(Database.class, "url, user, password");
        return new Pair(
                (value, out) -> {
                    var database = (Database) value;
                    out.putText(database.url());
                    out.putText(database.user());
                    out.putText(database.password());
                },
                in -> new Database(in.takeText(), in.takeText(), in.takeText()));
    }

    private Shape bytes() {
        describe(Bytes.class, "their number, then the bytes");
        return new Pair(
                (value, out) -> out.putBytes(((Bytes) value).array()),
                in -> Bytes.of(in.takeBytes()));
    }
}
