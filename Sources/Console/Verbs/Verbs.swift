/// The list of the verbs, in the order in which help shows them.
enum Verbs {
  static let all: [any Verb] = [
    GetVerb(), DescribeVerb(), EventsVerb(),
    ApplyVerb(), CreateVerb(), DeleteVerb(), RunVerb(), ExposeVerb(),
    ScaleVerb(), SetVerb(), RolloutVerb(), PatchVerb(), LabelVerb(), AnnotateVerb(),
    WaitVerb(), CordonVerb(), UncordonVerb(), DrainVerb(), TaintVerb(),
    APIResourcesVerb(), VersionVerb(), HelpVerb(),
    AdvanceVerb(), StepVerb(), GotoVerb(), PauseVerb(), ResumeVerb(), SpeedVerb(),
    RewindVerb(), BackVerb(), UndoVerb(), RedoVerb(), BranchVerb(), CompareVerb(),
    ExecVerb(), SSHVerb(),
    TrafficVerb(), FaultVerb(), HealVerb(), PolicyVerb(), IngressVerb(), TraceVerb(), WhyVerb(),
    DigestVerb(),
    SeedVerb(),
    FrameVerb(), RecordVerb(), ThemeVerb(),
  ]
}
