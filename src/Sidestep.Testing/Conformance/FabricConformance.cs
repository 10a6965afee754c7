namespace Sidestep.Testing;

/// <summary>The laws every fabric obeys. Each takes a factory of fresh fabrics and throws <see cref="ConformanceException"/> when the law is broken.</summary>
/// <remarks>Programs share variables with the law: the fabric runs its workers in this process.
/// <code>[Theory, MemberData(nameof(Laws))] public Task Law(string name) => FabricConformance.Laws[name](() => new ThreadsFabric());</code></remarks>
public static partial class FabricConformance
{
    /// <summary>Every law that needs a factory only, by name.</summary>
    public static IReadOnlyDictionary<string, Func<Func<IFabric>, Task>> Laws { get; } =
        new SortedDictionary<string, Func<Func<IFabric>, Task>>(StringComparer.Ordinal)
        {
            [nameof(Messages_arrive_whole_and_in_order)] = Messages_arrive_whole_and_in_order,
            [nameof(Workers_reach_each_other)] = Workers_reach_each_other,
            [nameof(One_payload_reaches_everybody)] = One_payload_reaches_everybody,
            [nameof(Newer_model_replaces_one_not_taken)] = Newer_model_replaces_one_not_taken,
            [nameof(Receive_of_a_round_drops_older_ones)] = Receive_of_a_round_drops_older_ones,
            [nameof(Channels_do_not_mix)] = Channels_do_not_mix,
            [nameof(Hundred_megabytes_arrive)] = Hundred_megabytes_arrive,
            [nameof(Slow_reader_makes_its_sender_wait)] = Slow_reader_makes_its_sender_wait,
            [nameof(Receive_times_out)] = Receive_times_out,
            [nameof(Receive_is_cancelled_and_the_node_goes_on)] = Receive_is_cancelled_and_the_node_goes_on,
            [nameof(Killed_session_falls_silent_and_comes_back)] = Killed_session_falls_silent_and_comes_back,
            [nameof(Killed_slot_without_respawn_stays_away)] = Killed_slot_without_respawn_stays_away,
            [nameof(Deaths_at_random_never_deadlock)] = Deaths_at_random_never_deadlock,
            [nameof(Wrong_size_is_refused_and_ends_the_session)] = Wrong_size_is_refused_and_ends_the_session,
            [nameof(End_of_the_coordinator_ends_every_worker)] = End_of_the_coordinator_ends_every_worker,
            [nameof(End_reaches_programs_that_pass_no_token)] = End_reaches_programs_that_pass_no_token,
            [nameof(Cancellation_ends_every_node)] = Cancellation_ends_every_node,
            [nameof(Failure_of_the_coordinator_comes_out)] = Failure_of_the_coordinator_comes_out,
            [nameof(Links_delay_every_message_and_stay_in_order)] = Links_delay_every_message_and_stay_in_order,
            [nameof(Links_hold_up_neither_sender_nor_lane)] = Links_hold_up_neither_sender_nor_lane,
            [nameof(Thin_links_carry_one_message_after_the_other)] = Thin_links_carry_one_message_after_the_other,
            [nameof(Weather_delays_a_round_once)] = Weather_delays_a_round_once,
            [nameof(Emulated_compute_takes_at_least_its_time)] = Emulated_compute_takes_at_least_its_time,
            [nameof(Compute_is_one_at_a_time_beside_receiving)] = Compute_is_one_at_a_time_beside_receiving,
            [nameof(Failure_of_a_computation_comes_back)] = Failure_of_a_computation_comes_back,
            [nameof(Cancelled_computation_frees_the_lane)] = Cancelled_computation_frees_the_lane,
            [nameof(Clocks_have_one_origin)] = Clocks_have_one_origin,
            [nameof(Events_are_heard_one_at_a_time)] = Events_are_heard_one_at_a_time,
        };
}
