package dev.ensembled.reconciler.spec.validation.server;

import dev.ensembled.reconciler.spec.validation.Findings;
import dev.ensembled.reconciler.spec.validation.MembershipRule;
import dev.ensembled.reconciler.spec.validation.Scalars;
import dev.ensembled.reconciler.spec.validation.SpecRule;
import dev.ensembled.reconciler.spec.yaml.YamlNode.Field;
import dev.ensembled.reconciler.spec.yaml.YamlNode.Mapping;
import dev.ensembled.reconciler.spec.yaml.YamlNode.Scalar;
import dev.ensembled.reconciler.spec.yaml.YamlNode.ScalarKind;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Groups and weights in {@code config}, by which votes are counted, as ZooKeeper's QuorumHierarchical requires them:
 * every voter is in exactly one group, no other server is in a group, and weights occur only together with groups.
 */
public final class VoteCountingRule implements SpecRule {
    private static final String GROUP = "group";
    private static final String WEIGHT = "weight";
    private static final Pattern GROUP_KEY = Pattern.compile("group\\.(0|[1-9][0-9]{0,8})");
    private static final Pattern WEIGHT_KEY = Pattern.compile("weight\\.[1-9][0-9]{0,3}");
    private static final Pattern VOTERS = Pattern.compile("[1-9][0-9]{0,3}(:[1-9][0-9]{0,3})*");
    private static final int MAX_WEIGHT = 1_000_000;

    /**
     * Whether this rule checks a key of {@code config}: ZooKeeper reads all keys with these prefixes as groups and
     * weights.
     */
    static boolean isVoteCountingKey(String key) {
        return key.startsWith(GROUP) || key.startsWith(WEIGHT);
    }

    @Override
    public void check(Mapping spec, Findings findings) {
        spec.mapping("config").ifPresent(config -> new Count(findings, MembershipRule.voters(spec))
                .check(select(config, GROUP), select(config, WEIGHT)));
    }

    private static Map<String, Field> select(Mapping config, String prefix) {
        Map<String, Field> selected = new LinkedHashMap<>();
        config.fields().forEach((key, field) -> {
            if (key.startsWith(prefix)) {
                selected.put(key, field);
            }
        });
        return selected;
    }

    /** The votes, as far as they have been read. */
    private static final class Count {
        private final Findings findings;
        private final Optional<Integer> voters;
        private final Map<Integer, String> groupOf = new LinkedHashMap<>();
        private final Map<Integer, Integer> weightOf = new LinkedHashMap<>();
        /** Whether all groups and weights could be read; otherwise what follows from all of them is not checked. */
        private boolean complete = true;

        Count(Findings findings, Optional<Integer> voters) {
            this.findings = findings;
            this.voters = voters;
        }

        void check(Map<String, Field> groups, Map<String, Field> weights) {
            groups.forEach(this::group);
            weights.forEach(this::weight);
            if (complete && groups.isEmpty() && !weights.isEmpty()) {
                String first = weights.keySet().iterator().next();
                findings.violation(
                        weights.get(first).key(),
                        path(first),
                        "weights require groups, without which ZooKeeper does not start: put every voter in a group,"
                                + " such as group.1: '1:2:3', or remove the weights");
            } else if (complete && !groups.isEmpty() && voters.isPresent()) {
                everyVoterInAGroup(groups.values().iterator().next());
                someWeight(weights);
            }
        }

        private void group(String key, Field field) {
            if (!GROUP_KEY.matcher(key).matches()) {
                refuse(field, key, "must have the form group.N, with a number N without leading zeros");
                return;
            }
            value(field).ifPresent(value -> {
                if (!VOTERS.matcher(value.text()).matches()) {
                    refuse(value, key, "must be ids of voters, separated by colons, such as '1:2:3'");
                    return;
                }
                List.of(value.text().split(":", -1)).forEach(id -> inGroup(Integer.parseInt(id), key, value));
            });
        }

        private void inGroup(int id, String key, Scalar value) {
            if (voters.isPresent() && id > voters.get()) {
                refuse(value, key, id + " is not a voter: " + names(voters.get()));
                return;
            }
            String other = groupOf.putIfAbsent(id, key);
            if (other != null) {
                refuse(
                        value,
                        key,
                        "voter " + id + " is already in " + other + ": a voter must be in exactly one group");
            }
        }

        private void weight(String key, Field field) {
            if (!WEIGHT_KEY.matcher(key).matches()) {
                refuse(field, key, "must have the form weight.N, with the id N of a voter");
                return;
            }
            int id = Integer.parseInt(key.substring(WEIGHT.length() + 1));
            if (voters.isPresent() && id > voters.get()) {
                refuse(field, key, id + " is not a voter: " + names(voters.get()));
                return;
            }
            value(field).ifPresent(value -> {
                if (value.text().matches("[0-9]{1,7}") && Integer.parseInt(value.text()) <= MAX_WEIGHT) {
                    weightOf.put(id, Integer.parseInt(value.text()));
                } else {
                    refuse(value, key, "must be a whole number from 0 to " + MAX_WEIGHT);
                }
            });
        }

        private static String names(int voters) {
            return voters == 1 ? "the only voter is 1" : "the voters are 1 to " + voters;
        }

        /** The value; empty if it is missing or invalid in a way that other rules report. */
        private Optional<Scalar> value(Field field) {
            Optional<Scalar> value = Optional.of(field.value())
                    .filter(Scalar.class::isInstance)
                    .map(Scalar.class::cast)
                    .filter(scalar -> scalar.kind() != ScalarKind.NULL
                            && !scalar.text().isBlank()
                            && Scalars.ambiguity(scalar).isEmpty());
            complete &= value.isPresent();
            return value;
        }

        private void refuse(Field field, String key, String message) {
            complete = false;
            findings.violation(field.key(), path(key), message);
        }

        private void refuse(Scalar value, String key, String message) {
            complete = false;
            findings.violation(value.location(), path(key), message);
        }

        private void everyVoterInAGroup(Field first) {
            List<String> missing = IntStream.rangeClosed(1, voters.orElseThrow())
                    .filter(id -> !groupOf.containsKey(id))
                    .mapToObj(String::valueOf)
                    .toList();
            if (!missing.isEmpty()) {
                findings.violation(
                        first.key(),
                        "spec.config",
                        "voters without a group: " + String.join(", ", missing) + ". If there are groups, each of the "
                                + voters.get() + " voters must be in exactly one");
            }
        }

        private void someWeight(Map<String, Field> weights) {
            if (groupOf.keySet().stream().allMatch(id -> weightOf.getOrDefault(id, 1) == 0)) {
                findings.violation(
                        weights.values().iterator().next().key(),
                        "spec.config",
                        "all voters have weight 0, so no vote counts: set a weight above 0 for the voters of a group");
            }
        }

        private static String path(String key) {
            return "spec.config." + key;
        }
    }
}
