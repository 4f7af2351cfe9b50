package dev.quiver.worker.user;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.serializers.ClosureSerializer;
import java.lang.reflect.InvocationHandler;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/// Classes that travel as a number. A number is never given to another class: new ones go last.
final class PinnedClasses {
    /// The first nine are Kryo's own, for primitives and String.
    private static final int FIRST = 10;

    static final List<Class<?>> IN_ORDER =
            List.of(
                    ClosureSerializer.Closure.class,
                    byte[].class,
                    int[].class,
                    long[].class,
                    double[].class,
                    float[].class,
                    boolean[].class,
                    short[].class,
                    char[].class,
                    Object[].class,
                    String[].class,
                    ArrayList.class,
                    LinkedList.class,
                    ArrayDeque.class,
                    HashMap.class,
                    LinkedHashMap.class,
                    TreeMap.class,
                    HashSet.class,
                    LinkedHashSet.class,
                    TreeSet.class,
                    Optional.class,
                    BigDecimal.class,
                    BigInteger.class,
                    LocalDate.class,
                    LocalTime.class,
                    LocalDateTime.class,
                    Instant.class,
                    Duration.class,
                    UUID.class,
                    InvocationHandler.class);

    private PinnedClasses() {}

    static void register(Kryo kryo, LambdaRevival.Known revivals) {
        for (int i = 0; i < IN_ORDER.size(); i++) {
            Class<?> type = IN_ORDER.get(i);
            if (type == ClosureSerializer.Closure.class)
                kryo.register(type, new LambdaSerializer(revivals), FIRST + i);
            else if (type == InvocationHandler.class)
                kryo.register(type, new ProxySerializer(), FIRST + i);
            else kryo.register(type, FIRST + i);
        }
    }
}
