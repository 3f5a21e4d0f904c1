//! Holds the words of an order: verbs, fields, order types, units. Read once into the table.

use ordercast_model::{
    instrument::Right,
    signal::instruction::{PositionSide, TimeInForce},
};

use super::{Cue, Label, Verb};

const fn now(verb: Verb) -> Cue {
    Cue::Verb(verb, false)
}
const fn past(verb: Verb) -> Cue {
    Cue::Verb(verb, true)
}

pub(super) const PHRASES: &[(Cue, &str)] = &[
    (
        now(Verb::BuyOpen),
        "bto, b.t.o, buy to open, buying to open, bought to open",
    ),
    (
        now(Verb::SellOpen),
        "sto, sell to open, selling to open, sold to open",
    ),
    (
        now(Verb::SellClose),
        "stc, sell to close, selling to close, sold to close",
    ),
    (
        now(Verb::BuyClose),
        "buy to close, buying to close, bought to close, buy back, buying back, cover, covering, cover short, close short, short close, exit short, \
         close shorts, buy to cover, closeshort, exitshort, cerrar corto, 平空",
    ),
    (
        past(Verb::BuyClose),
        "covered, covered short, closed short, bought back",
    ),
    (
        now(Verb::Buy),
        "buy, buying, buyin, kaufe, kaufen, kauf, kauft, compra, comprar, compro, compramos, comprando, achat, acheter, \
         achète, achetez, j'achète, acquista, acquisto, comprare, купить, покупка, покупаем, покупаю, купил, alış, alım, buy signal, 买入, \
         买, 買入, 매수",
    ),
    (
        past(Verb::Buy),
        "bought, buys, gekauft, comprado, acheté, comprato, купили, picked up, scooped, scooped up, grabbed, snagged, snatched up, snatched, copped, got myself, sniped, threw in an order for, put in an order for, placed a bid for, placed a bid on, put a bid in for, aped, aped in, aped into",
    ),
    (
        now(Verb::Buy),
        "picking up, scooping, scooping up, grabbing, grab, snagging, snatching up, snatching, sniping, throwing in an order for, putting in an order for, resting buy, working buy, working a bid for, working a bid on, working a bid in, resting a bid on, \
         placing a bid for, placing a bid on, putting a bid in for, limit bid in for, limit bid for, limit bid on, aping, aping in, aping into, apeing into, ape into, bidding",
    ),
    (
        now(Verb::Sell),
        "sell, selling, unload, unloading, verkaufe, verkaufen, verkauf, verkauft, vende, vender, vendo, venta, vente, vendre, vends, vendi, vendez, satış, satım, \
         vendere, vendita, продать, продажа, продаем, продаём, продаю, sell signal, 卖出, 賣出, 매도",
    ),
    (
        past(Verb::Sell),
        "sld, sold, sells, vendido, vendu, venduto, продал, продали, dumped, unloaded",
    ),
    (
        now(Verb::Long),
        "long, longs, hedge long, long hedge, longing, go long, going long, gehe long, лонг, в лонг, лонгуем, longo, 做多, 开多, 多单, largo, en largo, enter long, \
         entering long, getting long, open long, opening long, new long, entry long, long entry, longentry, enterlong",
    ),
    (past(Verb::Long), "longed, entered long, opened long, went long"),
    (
        now(Verb::Short),
        "short, shrt, shorts, hedge short, short hedge, shorting, go short, going short, gehe short, шорт, в шорт, шортим, sell short, selling short, shortsell, 做空, 开空, \
         空单, corto, en corto, enter short, entering short, getting short, open short, opening short, new short, entry short, short entry",
    ),
    (
        past(Verb::Short),
        "shorted, sold short, entered short, opened short, went short",
    ),
    (
        now(Verb::Enter),
        "enter, entering, opening, open, starting, starter, starter position, opening position, open position, \
         options open, in on, getting in, get in, jumping in, i'm in, im in, initiate, initiating, вход в, входим, входим в, einstieg in, \
         options entry, new position, new trade, entry alert, opening trade, trade open, we're in, loading, loading up, loading the boat, loading the boat on, loading the boat with, backing up the truck, backing up the truck on, \
         taking a stab at, taking a shot at, taking a flyer on, taking a flier on, taking a punt on, taking a crack at, rolling the dice on, nibbling, nibbling on, nibbling at, \
         hopping in, hopping into, jumping into, diving into, piling into, dipping into, dipping a toe in, dipping a toe into, sneaking into, stepping into, stepping in on",
    ),
    (
        past(Verb::Enter),
        "entered, enters, opened, opens, started, initiated, loaded, loaded up, nibbled, nibbled on, nibbled at, contract found, loaded the boat, loaded the boat on, loaded the boat with, backed up the truck, backed up the truck on, \
         took a stab at, took a shot at, took a flyer on, took a flier on, took a punt on, took a crack at, rolled the dice on, \
         hopped in, hopped into, jumped in, jumped into, dove into, piled into, dipped into, snuck into, sneaked into, stepped into, stepped in on, got into, got in",
    ),
    (
        now(Verb::Close),
        "close, closing, exit, exiting, flatten, flattening, out of, im out, i'm out, we're out, cut, \
         cutting, get out, getting out, dump, dumping, liquidate, close out, closing out, out here, \
         options close, closing position, close position, exit position, exit alert, exit signal, exit now, close now, schließen, schliessen, schließe, schliesse, schließt, cerrar, cierra, cierro, cerramos, fermer, ferme, fermez, \
         clôturer, clôture, fechar, fecha, fecho, fechamos, chiudere, chiudi, chiudo, закрыть, закрываем, закрываю, закрыл, выход, выходим, 平仓, \
         平多, scratch, scratching, bail, bailing, stopping out, ringing the register on, ringing the register in, ring the register on, taking the l on, taking a loss on, taking the loss on, eating the loss on, letting go of my, close the trade, exit the trade, close it, out",
    ),
    (
        past(Verb::Close),
        "closed, rang the register on, rang the register in, took the l on, took a loss on, took the loss on, ate the loss on, let go of my, closes, exited, exits, closed out, flattened, bailed, scratched, geschlossen, cerrado, fermé, clôturé, clôturée, fechado, chiuso, \
         закрыли, sold the rest, sold remaining, got out, got out of",
    ),
    (
        Cue::CloseAll(false),
        "all out, close all, exit all, full exit, sell all, sell everything, selling all, full close, exit fully, fully out, close everything, closing everything, closing all, \
         exit everything, flatten all, flatten everything, dump all, dump everything, close all positions, close all trades, close all runners, alles schließen, cerrar todo, \
         fermer tout, chiudi tutto, fechar tudo, закрываем все, закрываем всё, закрыть все, 全部平仓, completely out, get flat, i'm flat, going flat, out of everything",
    ),
    (
        Cue::CloseAll(true),
        "sold all, sold out, fully closed, sold everything, closed all, exited all, closed everything, flattened everything, closed fully, sold fully",
    ),
    (
        now(Verb::Reduce),
        "partial tp, partial tps, partial take profit, partial profit, partial profits, taking profits on, taking profit on, trim, trims, trimming, reduce, reducing, scale out, scaling out, scaling, scale, options scale, partial, partials, partial close, close partial, \
         partial exit, take partial, take partials, taking partials, taking partial, take some off, taking some off, take some profit, \
         taking some profit, lighten, lightening, peel, peeling, take profits on, secure partials, book partial, book partials, close some, \
         sell some, selling some, raus, rausnehmen, reduzieren, reducir, reduzir, réduire, ridurre, частично, частичная фиксация, фиксируем, \
         зафиксировать, фиксация, 减仓, secure, securing, pay myself, paying myself, pay ourselves, paying ourselves, bank, banking, book, booking, lighten up, teilverkauf, teilgewinn",
    ),
    (
        past(Verb::Reduce),
        "paid myself, paid ourselves, took profits on, took profit on, took some profits, took profits, trimmed, reduced, scaled out, took partial, took partials, took some off, took some profit, peeled, secured, banked, booked, \
         sold some, closed some, lightened",
    ),
    (
        now(Verb::Take),
        "take, taking, nehme, nehmt, nehmen, tomo, tomar, prendre, lock in, locking in, lock",
    ),
    (past(Verb::Take), "took, locked in, locked"),
    (
        now(Verb::Add),
        "add, adding, average down, averaging down, average up, averaging up, avg down, dca, dcaing, scale in, scaling in, scale into, scaling into, add more, adding more, \
         buy more, buying more, pyramid, double down, doubling down, doubling up, doubling up on, averaging into, averaging in, topping up, topping up on, adding onto, loading more, grabbing more, picking up more, scooping more, nibbling more, add to, adding to, nachkaufen, nachkauf, nachlegen, aufstocken, añadir, \
         aumentar, renforcer, усреднение, усредняем, докупаем, докупить, добор, добавляем, 加仓, 补仓, increase, increasing, reload, reloading",
    ),
    (
        past(Verb::Add),
        "added, adds, averaged down, averaged up, added more, bought more, added to, doubled down, reloaded, doubled up, doubled up on, averaged into, topped up, topped up on, loaded more, grabbed more, picked up more, scooped more, nibbled more",
    ),
    (
        now(Verb::Move),
        "move up, moving up, move down, moving down, bump, bumping, bump up, move, moves, moving, raise, raising, lower, lowering, adjust, adjusting, set, setting, change, changing, bring, bringing, tighten, \
         tightening, shift, shifting, update, updating, extend, extending, goes up to, goes to, put, modify, modifying, push, pushing, \
         sposto, spostiamo, alzo, alziamo, abbasso, muevo, subo, subimos, bajamos, bajo el, je monte, remonte, déplace, monte, subindo, movo, ajusto, ajustamos, verschieben, verschiebe, verschiebt, nachziehen, setzen, setzt, ziehe, ziehen, mover, mueve, movemos, déplacer, remonter, sposta, spostare, \
         передвигаем, переносим, двигаем, подвинуть, перенести, 移动, exit update, trade update",
    ),
    (
        past(Verb::Move),
        "moved up, moved down, moved, raised, lowered, adjusted, changed, tightened, shifted, updated, extended, modified, bumped",
    ),
    (
        now(Verb::Cancel),
        "cancel, cxl, canceling, cancelling, delete, deleting, remove, removing, scrap, scrapping, pull, pulling, kill the order, \
         void, stornieren, storniere, löschen, cancelar, cancela, annuler, annulez, annullare, annulla, отменить, отмена, отменяем, удаляем, удалить, 取消, 撤单",
    ),
    (
        past(Verb::Cancel),
        "cancelled, canceled, cxled, cxl'd, pulled, scrapped, deleted, removed",
    ),
    (
        Cue::Label(Label::Symbol),
        "ticker, symbol, sym, pair, coin, asset, instrument, stock, underlying, contract, option, market symbol, par, paar, пара, монета, token, 币种, 交易对, \
         currency pair, company, crypto, currency, stocks",
    ),
    (
        Cue::Label(Label::Side),
        "direction, dir, side, signal type, trade type, position type, order side, richtung, dirección, направление, 方向, my opinion, trade direction, type, position, bias",
    ),
    (
        Cue::Label(Label::Entry),
        "entry, entries, entrys, entry price, entry zone, entry range, entry target, entry targets, entry order, entry orders, entry point, entry points, entry level, \
         entry area, enter at, entry at, price, at price, order price, open price, \
         execution price, buy price, sell price, en, ep, e.p, in at, filled at, fill price, alert price, scaling price, exit price, close price, avg price, avg entry, cost, paid, fill, \
         zone, limit price, einstieg, einstiegspreis, einstiegszone, kaufpreis, giriş, giriş fiyatı, entrada, entradas, precio de entrada, precio, entrée, prix d'entrée, \
         prix, ingresso, entrata, prezzo, вход, входа, точка входа, зона входа, цена входа, цена, 入场, 入場, 进场, 入场价, 进场价, 价格, entry price range, reentry, trigger, trigger price",
    ),
    (
        Cue::Priced(Verb::Buy),
        "buy zone, buy range, buy area, buy price, long zone, long range, buy at, buy entry, buy around, buy between, accumulation zone, buy level, kaufzone, zona de compra",
    ),
    (
        Cue::Priced(Verb::Sell),
        "sell zone, sell range, sell area, sell price, short zone, short range, sell at, sell entry, sell around, sell between, sell level, zona de venta",
    ),
    (
        Cue::Changed(Label::Stop),
        "stop now, sl now, new stop, new stoploss, updated stoploss, new s l, new sl, new stop loss, updated stop, updated sl, updated stop loss, neuer stop, neuer sl, nuevo stop, nouveau stop, novo stop, новый стоп",
    ),
    (
        Cue::Changed(Label::Target),
        "new target, new targets, new tp, new t p, new take profit, new take profits, new tps, new pt, new pts, updated target, updated targets, updated tp, updated tps, tp now, tps now, target now, targets now, pt now, neues ziel, nuevo objetivo, nouvel objectif, novo alvo, новая цель",
    ),
    (
        Cue::Label(Label::Stop),
        "sl, stp, stoploos, stop los, stoplos, cut loss, cut loss at, cut losses at, s.l, s l, s/l, stop, stops, stop loss, stoploss, stop losses, stop loss price, stop target, stop targets, stop order, stop orders, stop price, hard stop, hard out, hard exit, hard cut, \
         mental stop, soft stop, invalidation, invalid, inv, stopp, stoppkurs, stop at, pérdida, stop loss at, arrêt, стоп, стоп лосс, стоплосс, 止损, 止損, 손절, zarar durdur, zarar kes, stop will be, stops will be, sl will be, protective stop, initial stop, risk level, stopl",
    ),
    (
        Cue::Label(Label::Target),
        "objective, objectives, objetivo de precio, tp, tps, t.p, t p, t/p, target, targets, take profit, take profits, takeprofit, takeprofits, take profit target, take profit targets, take profit order, \
         take profit orders, take profit at, profit target, profit targets, price target, price targets, target price, pt, pts, p.t, tgt, tgts, tg, trgt, ziel, ziele, \
         kursziel, gewinnmitnahme, objetivo, objetivos, alvo, alvos, obiettivo, obiettivi, objectif, objectifs, цель, цели, hedef, hedefler, kar al, kâr al, тейк, тейки, тейк профит, тейкпрофит, 止盈, 目标, 目標, 익절, \
         target will be, targets will be, tp will be, cover target, exit target, exit targets, scalp target, upside target, downside target, first target, second target, third target, final target, next target",
    ),
    (
        Cue::Label(Label::Quantity),
        "qty, quantity, amount, units, shares qty, contracts qty, menge, stück, cantidad, quantité, quantità, количество, объем, объём, volume, vol, lot size, lotsize, 数量, q",
    ),
    (
        Cue::Label(Label::Size),
        "size, sizing, position size, wallet size, wallet, portfolio, allocation, alloc, account, capital, of account, of portfolio, of capital, of wallet, of equity, equity, margin size, größe, tamaño, taille, 仓位, депозит, депозита, от депозита, pos size, of my account, of the account, of my portfolio, of port, port size, of balance, balance",
    ),
    (
        Cue::Label(Label::Risk),
        "risk, risking, risk setting, risiko, riesgo, risque, rischio, risco, риск, 风险, risk per trade, max risk",
    ),
    (
        Cue::Label(Label::Leverage),
        "leverage, lev, levg, hebel, apalancamiento, levier, leva, alavancagem, kaldıraç, плечо, плеча, 杠杆, 倍, cross, isolated, isolated margin, cross margin",
    ),
    (Cue::Label(Label::Strike), "strike, strike price, strikes"),
    (
        Cue::Label(Label::Expiry),
        "exp, expiry, expiration, expires, expiring, expiration date, exp date, expiry date, exp., verfall, vencimiento, échéance, dated",
    ),
    (
        Cue::Label(Label::Right),
        "option type, call put, put call, call or put, right",
    ),
    (
        Cue::Label(Label::Reference),
        "live price, current price, last price, last, mark price, cmp price, spot price, underlying price, trading at, market price, curr price, bid, ask, mid, bid price, ask price, stock price, marketprice, mark, currently, current",
    ),
    (
        Cue::Label(Label::Average),
        "avg, new avg, new average, average, average price, avg cost, avg is, averaged to, my average, average entry",
    ),
    (
        Cue::Label(Label::Note),
        "rrr, rr, r:r, risk reward, reward, risk to reward, risk to reward ratio, reward ratio, timeframe, time frame, tf, signal no, signal number, signal id, trade no, trade id, ratio, duration, exchange, exchanges, strategy, \
         confidence, comment, notes, note, support, resistance, next resistance, next support, vwap, volume delta, delta, iv, oi, open interest, remaining risk, since, time, date, nb, p/l, pnl, probability, accuracy, success rate, stoploss hunt, rsi, ema, sma, macd, ma, day, hour, dma, vol., float, of profit, of profits, of the profit",
    ),
    (
        Cue::Bullish(PositionSide::Long),
        "bullish, bull, bulls, up trend, haussier, alcista, бычий",
    ),
    (
        Cue::Bullish(PositionSide::Short),
        "bearish, bear, bears, down trend, baissier, bajista, медвежий",
    ),
    (
        Cue::Market,
        "market, mkt, m, now, cmp, at market, market order, instant, instant execution, immediately, right now, asap, sofort, jetzt, ahora, a mercado, mercado, maintenant, \
         au marché, adesso, ora, agora, zum markt, bestens, по рынку, сейчас, рынок, 市价, 现价, at cmp, at current price, market price now",
    ),
    (
        Cue::Limit,
        "limit, lmt, limits, limit order, buy limit order, límite, limite, лимит, лимитный, лимитка, 限价",
    ),
    (
        Cue::StopLimit,
        "stop limit, stoplimit, stp lmt, stop lmt, stp limit",
    ),
    (
        Cue::Above,
        "above, over, breaks above, break above, breaks over, break over, on break of, break of, breakout above, breakout over, on a break of, über, por encima de, au dessus de, выше, sopra, acima de, 突破",
    ),
    (
        Cue::Below,
        "below, under, breaks below, break below, breaks under, break under, breakdown below, unter, por debajo de, en dessous de, ниже, sotto, abaixo de, 跌破",
    ),
    (
        Cue::BreakEven,
        "be, b.e, b e, breakeven, break even, at breakeven, to breakeven, bep, einstand, entry price be, безубыток, бу, б у, в безубыток, без убыток, 保本, pari, equilibrio, punto de equilibrio, \
         seuil de rentabilité, at cost, to cost, risk free, riskfree, risikofrei, to entry, at entry, auf einstand, auf entry, a entrada, to flat, up to flat, to scratch, to our entry, to my entry, to the entry, cost basis",
    ),
    (
        Cue::Share(5_000),
        "half, half position, one half, half size, hälfte, die hälfte, mitad, la mitad, moitié, la moitié, metà, metade, половина, половину, 一半",
    ),
    (
        Cue::Share(3_333),
        "third, a third, one third, ein drittel, un tercio, un tiers, un terzo, um terço, треть",
    ),
    (Cue::Share(6_667), "two thirds, zwei drittel"),
    (
        Cue::Share(2_500),
        "quarter, a quarter, one quarter, ein viertel, un cuarto, un quart, um quarto, четверть",
    ),
    (Cue::Share(7_500), "three quarters, three quarter, drei viertel"),
    (
        Cue::All,
        "all, full, fully, everything, entire, whole, alles, todo, tout, tudo, tutto, всё, все, 全部, completely, full position, entire position, all positions, all trades, everything left, all runners",
    ),
    (
        Cue::Rest,
        "left, rest, remaining, remainder, runner, runners, the rest, leftover, restliche, остаток",
    ),
    (
        Cue::Unit,
        "contracts, contract each, cons, con, shares, share, shs, sh, calls each, aktien, stücke, acciones, actions, azioni, ações, акций, contratos, contrats, kontrakte, coins, units of, tokens, ct, cts, of them, of these, of those, of em, of 'em",
    ),
    (Cue::Lots, "lots, lot, lotes, лот, лота, лотов"),
    (
        Cue::Right(Right::Call),
        "call, calls, c, call option, call options",
    ),
    (Cue::Right(Right::Put), "put, puts, p, put option, put options"),
    (Cue::And, "and, then, und, y, et, e, и, 和, plus, also, &"),
    (
        Cue::At,
        "at, for, bei, zu, a, à, por, per share, по, на, @, um, near, around, approx, approximately, ca, em, bei ca, alrededor de, circa, autour de, 在, for about, from around, em torno de",
    ),
    (Cue::From, "from, was, were, von, desde, depuis, old"),
    (
        Cue::Former,
        "instead of, rather than, previously, formerly, prior, originally, vs, versus, statt, anstatt, en lugar de, en vez de, au lieu de, invece di, em vez de, вместо",
    ),
    (
        Cue::To,
        "to, auf, bis, hasta, jusqu'à, til, till, up to, down to, at new",
    ),
    (Cue::By, "by"),
    (Cue::Per, "per, pro, je, /, every, each"),
    (
        Cue::Percent,
        "percent, pct, prozent, per cent, por ciento, pour cent, per cento, por cento, процентов, процента, проц",
    ),
    (Cue::Pips, "pip, pips, points, ticks, пунктов, пипсов, punkte"),
    (
        Cue::Trail,
        "ts, trail, trailing, trailing stop, trailing sl, trailing stop loss, trail stop, trail sl, trail my stop, trailed, trailing by",
    ),
    (
        Cue::Force(TimeInForce::Gtc),
        "gtc, good till cancelled, good till canceled, good til canceled, good til cancelled, good till cancel, good til cancel, good until cancelled, good until canceled, gültig bis widerruf",
    ),
    (
        Cue::Force(TimeInForce::Day),
        "day order, day only, day limit, good for day, good for the day, good today only, valid today, valid for today, gfd, tif day, nur heute, tagesgültig",
    ),
    (Cue::Force(TimeInForce::Ioc), "ioc"),
    (Cue::Force(TimeInForce::Fok), "fok"),
    (Cue::Extended, "extended hours, premarket ok, ext hours"),
    (Cue::Pronoun, "it, this, this one, that one, again"),
    (
        Cue::Between,
        "between, zwischen, entre, between the, между, tra, in between, fra",
    ),
    (Cue::Fund, "etf, trust, fund"),
    (Cue::Of, "of, de, von den, worth of, worth, off"),
];
