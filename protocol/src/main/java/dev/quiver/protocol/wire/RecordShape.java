package dev.quiver.protocol.wire;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;

/// A record: its components in their order, or a zero where it has none.
final class RecordShape implements Shape {
    private final Class<? extends Record> type;
    private final Shape[] components;
    private final MethodHandle[] accessors;
    private final MethodHandle constructor;

    RecordShape(Class<? extends Record> type, List<Shape> components) {
        this.type = type;
        this.components = components.toArray(Shape[]::new);
        RecordComponent[] declared = type.getRecordComponents();
        Class<?>[] types =
                Arrays.stream(declared).map(RecordComponent::getType).toArray(Class<?>[]::new);
        MethodHandles.Lookup lookup = MethodHandles.publicLookup();
        try {
            this.accessors = new MethodHandle[declared.length];
            for (int i = 0; i < declared.length; i++)
                accessors[i] =
                        lookup.unreflect(declared[i].getAccessor())
                                .asType(MethodType.methodType(Object.class, Object.class));
            this.constructor =
                    lookup.findConstructor(type, MethodType.methodType(void.class, types))
                            .asSpreader(Object[].class, types.length)
                            .asType(MethodType.methodType(Object.class, Object[].class));
        } catch (IllegalAccessException | NoSuchMethodException e) {
            throw new IllegalArgumentException("not public: " + type.getName(), e);
        }
    }

    @Override
    public void write(Object value, WireOutput out) {
        if (components.length == 0) out.putByte(0);
        for (int i = 0; i < components.length; i++) components[i].write(get(i, value), out);
    }

    private Object get(int component, Object value) {
        try {
            return (Object) accessors[component].invokeExact(value);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(type.getName(), e);
        }
    }

    @Override
    public Object read(WireInput in) {
        if (components.length == 0 && in.takeByte() != 0)
            throw in.malformed("no " + type.getName());
        var values = new Object[components.length];
        for (int i = 0; i < values.length; i++) values[i] = components[i].read(in);
        try {
            return (Object) constructor.invokeExact(values);
        } catch (MalformedMessage | Error e) {
            throw e;
        } catch (Throwable e) {
            // Its own check refuses these components.
            throw new MalformedMessage("no %s: %s".formatted(type.getName(), e.getMessage()), e);
        }
    }
}
