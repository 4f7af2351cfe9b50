package dev.quiver.worker.user.ship;

import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.worker.user.LambdaShape;
import java.lang.reflect.Field;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What a lambda or the objects of a class lead to: the classes made in memory that they need, and
/// the variables of the notebook that their code can read. Found once for each lambda class and
/// value class, and kept as long as that class lives.
///
/// Classes are followed through everything that a class names; variables only through methods that
/// can run: from the lambda's method on through calls, lambdas and method references, and all
/// methods of a class of which an object is made.
final class Reach {
    /// Of classes that workers read from the class path or have themselves.
    static final Reach NOTHING = new Reach(List.of(), List.of());

    private static final ClassValue<Slot> SLOTS =
            new ClassValue<>() {
                @Override
                protected Slot computeValue(Class<?> type) {
                    return new Slot();
                }
            };

    private static final class Slot {
        private volatile @Nullable Reach reach;
    }

    /// A variable that can be read here.
    record Variable(NotebookVariable name, Field field) {
        @Nullable Object value() {
            try {
                return field.get(null);
            } catch (IllegalAccessException e) {
                throw new IllegalStateException("%s can't be read".formatted(name), e);
            }
        }
    }

    private final List<CellClass> classes;
    private final List<Variable> variables;
    private final CodeManifest manifest;
    private final byte[] manifestBytes;
    private final BundleHash hash;

    private Reach(List<CellClass> classes, List<Variable> variables) {
        this.classes = classes;
        this.variables = variables;
        var hashes = new TreeMap<String, BundleHash>();
        for (CellClass type : classes) hashes.put(type.type().getName(), type.hash());
        this.manifest = new CodeManifest(hashes, variables.stream().map(Variable::name).toList());
        this.manifestBytes = manifest.bytes();
        this.hash = BundleHash.of(manifestBytes);
    }

    /// Of a lambda, without what it captures.
    static Reach of(LambdaShape lambda) {
        Slot slot = SLOTS.get(lambda.type());
        Reach known = slot.reach;
        if (known != null && known.isCurrent()) return known;
        Reach found = host(lambda).flatMap(CellClass::of).map(h -> find(h, lambda)).orElse(NOTHING);
        slot.reach = found;
        return found;
    }

    /// Of objects of a class.
    static Reach of(Class<?> type) {
        Slot slot = SLOTS.get(type);
        Reach known = slot.reach;
        if (known != null && known.isCurrent()) return known;
        Reach found = CellClass.of(type).map(Reach::find).orElse(NOTHING);
        slot.reach = found;
        return found;
    }

    private static Optional<Class<?>> host(LambdaShape lambda) {
        try {
            return Optional.of(
                    Class.forName(
                            lambda.capturingClass().replace('/', '.'),
                            false,
                            lambda.type().getClassLoader()));
        } catch (ClassNotFoundException e) {
            return Optional.empty(); // of the JDK's
        }
    }

    /// Whether a method of a class made in memory can read a variable.
    static boolean readsVariables(CellClass type, CellMethod method) {
        var search = new Search();
        search.add(type, method);
        search.followAll();
        return !search.variables.isEmpty();
    }

    private static Reach find(CellClass host, LambdaShape lambda) {
        var search = new Search();
        search.addClass(host);
        search.call(
                host,
                new CellMethod.Member(
                        lambda.implementingClass(),
                        lambda.implementingMethod(),
                        lambda.descriptor()));
        if (lambda.isConstructor()) search.make(host, lambda.implementingClass());
        return search.run();
    }

    private static Reach find(CellClass type) {
        var search = new Search();
        search.addClass(type);
        search.make(type, type.name());
        return search.run();
    }

    private boolean isCurrent() {
        for (CellClass type : classes) {
            if (!type.isCurrent()) return false;
        }
        return true;
    }

    List<CellClass> classes() {
        return classes;
    }

    List<Variable> variables() {
        return variables;
    }

    CodeManifest manifest() {
        return manifest;
    }

    byte[] manifestBytes() {
        return manifestBytes;
    }

    BundleHash hash() {
        return hash;
    }

    boolean isNothing() {
        return classes.isEmpty();
    }

    private static final class Search {
        private record Step(CellClass type, CellMethod method) {}

        private final Map<String, CellClass> classes = new LinkedHashMap<>();
        private final Map<NotebookVariable, Variable> variables = new LinkedHashMap<>();
        private final Queue<CellClass> unread = new ArrayDeque<>();
        private final Queue<Step> steps = new ArrayDeque<>();
        private final Set<Step> seen = new HashSet<>();
        private final Set<String> made = new HashSet<>();

        void addClass(CellClass type) {
            if (classes.putIfAbsent(type.name(), type) == null) unread.add(type);
        }

        Reach run() {
            for (CellClass type = unread.poll(); type != null; type = unread.poll())
                type.neighbours().forEach(this::addClass);
            followAll();
            return new Reach(List.copyOf(classes.values()), List.copyOf(variables.values()));
        }

        private void followAll() {
            for (Step step = steps.poll(); step != null; step = steps.poll()) follow(step);
        }

        private void follow(Step step) {
            CellClass type = step.type();
            boolean initializer = step.method().name().equals(CellMethod.INITIALIZER);
            for (CellMethod.Member call : step.method().calls()) call(type, call);
            for (String name : step.method().made()) make(type, name);
            for (CellMethod.Member read : step.method().reads()) {
                type.neighbour(read.owner()).ifPresent(this::initialize);
                type.variable(read.owner(), read.name(), initializer)
                        .ifPresent(name -> addVariable(type, name));
            }
        }

        private void addVariable(CellClass user, NotebookVariable name) {
            if (variables.containsKey(name)) return;
            CellClass declaring = user.neighbour(name.owner()).orElseThrow();
            variables.put(name, new Variable(name, field(declaring.type(), name)));
        }

        private static Field field(Class<?> owner, NotebookVariable name) {
            try {
                Field field = owner.getDeclaredField(name.name());
                field.setAccessible(true);
                return field;
            } catch (NoSuchFieldException | LinkageError e) {
                throw new QuiverException(
                        ErrorCode.NOT_SERIALIZABLE,
                        "%s can't be read".formatted(name),
                        List.of("because: " + e),
                        "declare the variable again, in a cell of its own",
                        e);
            }
        }

        /// The method, wherever it is found among the class and its supertypes.
        void call(CellClass user, CellMethod.Member call) {
            user.neighbour(call.owner())
                    .ifPresent(owner -> {
                        initialize(owner);
                        Optional<CellMethod> method = owner.method(call.name(), call.descriptor());
                        if (method.isPresent()) {
                            add(owner, method.get());
                            return;
                        }
                        for (String supertype : owner.supertypes())
                            call(
                                    owner,
                                    new CellMethod.Member(
                                            supertype, call.name(), call.descriptor()));
                    });
        }

        /// All that can be called on an object of the class.
        void make(CellClass user, String name) {
            if (made.contains(name)) return;
            user.neighbour(name)
                    .ifPresent(type -> {
                        made.add(name);
                        initialize(type);
                        for (CellMethod method : type.methods()) {
                            if (!method.isStatic()) add(type, method);
                        }
                        for (String supertype : type.supertypes()) make(type, supertype);
                    });
        }

        private void initialize(CellClass type) {
            type.method(CellMethod.INITIALIZER, "()V").ifPresent(method -> add(type, method));
        }

        private void add(CellClass type, CellMethod method) {
            var step = new Step(type, method);
            if (seen.add(step)) steps.add(step);
        }
    }
}
