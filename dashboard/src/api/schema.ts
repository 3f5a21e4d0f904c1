// Names the words of the server's API document that this page speaks.

import type { components } from "../generated/api.ts";

type Words = components["schemas"];

export type Me = Words["MeView"];
export type Ways = Words["WaysView"];
export type Portfolio = Words["PortfolioView"];
export type Account = Words["AccountView"];
export type EquityPoint = Words["EquityPointView"];
export type Position = Words["PositionView"];
export type Lot = Words["LotView"];
export type Order = Words["OrderView"];
export type OrderState = Order["state"];
export type Stages = Words["StagesView"];
export type Timeline = Words["TimelineView"];
export type Fill = Words["FillView"];
export type Approval = Words["ApprovalView"];
export type Signal = Words["SignalView"];
export type SignalDetail = Words["SignalDetailView"];
export type Decision = Words["DecisionView"];
export type Instruction = Words["InstructionView"];
export type Level = Words["LevelView"];
export type Reading = Words["ReadingView"];
export type Revision = Words["RevisionView"];
export type Provider = Words["ProviderView"];
export type RiskStatus = Words["RiskStatusView"];
export type UserLimits = Words["UserLimitsView"];
export type Limits = Words["LimitsView"];
export type Caps = Words["CapsView"];
export type Community = Words["CommunityView"];
export type CommunityCaps = Words["CommunityCapsView"];
export type TradingWindow = Words["WindowView"];
export type Loosening = Words["LooseningView"];
export type Factor = Words["FactorView"];
export type FactorOffer = Words["OfferView"];
export type Enrolled = Words["EnrolledView"];
export type RecoveryCodes = Words["RecoveryCodesView"];
export type DemoCode = Words["DemoCodeView"];
export type Usage = Words["UsageView"];
export type Switch = Words["SwitchView"];
export type JournalEntry = Words["JournalView"];
export type Verified = Words["VerifiedView"];
export type Connection = Words["ConnectionView"];
export type Broker = Words["BrokerView"];
export type Tried = Words["TestView"];
export type Quote = Words["QuoteView"];
export type Hook = Words["HookView"];
export type MadeHook = Words["MadeHookView"];
export type Delivery = Words["DeliveryView"];
export type Receipt = Words["ReceiptView"];

export type NoticeLine = Words["NoticeLine"];
export type NoticeSettings = Words["NoticeView"];
export type NoticeBody = Words["NoticeBody"];
export type Lesson = Words["LessonView"];
export type ProfileBody = Words["ProfileBody"];
export type Parsed = Words["ParsedView"];
export type Meaning = Words["MeaningView"];
export type Trial = Words["TrialView"];
export type Would = Words["WouldView"];

export interface Page<T> {
  items: T[];
  next_cursor: string | null;
}
export type Breach = Words["BreachView"];
export type Instrument = Words["InstrumentView"];
export type OrderBody = Words["OrderBody"];
export type OrderOutcome = Words["OutcomeView"];
export type OrderPreview = Words["PreviewView"];
